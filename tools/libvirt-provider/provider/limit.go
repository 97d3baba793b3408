package provider

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Limit bounds how many operations one provider has under way. The engine starts a process for each provider of a program, so
// it is a limit for each host.
type Limit struct {
	mutex     sync.Mutex
	slots     chan struct{}
	cancelled chan struct{}
	once      sync.Once
}

// NewLimit makes one that lets DefaultParallel operations through, until the provider is configured.
func NewLimit() *Limit {
	return &Limit{slots: make(chan struct{}, DefaultParallel), cancelled: make(chan struct{})}
}

// configured wraps what connects to libvirt: our parameter of the URI is read, and does not reach the client.
func (l *Limit) configured(connect schema.ConfigureFunc) schema.ConfigureFunc {
	return func(data *schema.ResourceData) (interface{}, error) {
		text, _ := data.Get("uri").(string)
		uri, parallel, err := splitParallel(text)
		if err != nil {
			return nil, err
		}
		if err := data.Set("uri", uri); err != nil {
			return nil, err
		}
		l.resize(parallel)
		return connect(data)
	}
}

func (l *Limit) resize(parallel int) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.slots = make(chan struct{}, parallel)
}

// enter waits for a place; what it returns gives the place back.
func (l *Limit) enter(ctx context.Context) (func(), error) {
	l.mutex.Lock()
	slots := l.slots
	l.mutex.Unlock()
	// A select takes any of what is ready: where both are, nothing new is begun.
	select {
	case <-l.cancelled:
		return nil, notBegun()
	default:
	}
	select {
	case slots <- struct{}{}:
		return func() { <-slots }, nil
	case <-l.cancelled:
		return nil, notBegun()
	case <-ctx.Done():
		return nil, status.FromContextError(ctx.Err()).Err()
	}
}

func notBegun() error {
	return status.Error(codes.Canceled, "the operation was not begun: everything was cancelled while it waited for the host")
}

// Around gives a provider whose operations on resources pass through the limit. Those that a preview only pretends do not.
func (l *Limit) Around(server pulumirpc.ResourceProviderServer) pulumirpc.ResourceProviderServer {
	return &limited{ResourceProviderServer: server, limit: l}
}

type limited struct {
	pulumirpc.ResourceProviderServer
	limit *Limit
}

func through[Request, Response any](
	ctx context.Context, limit *Limit, request Request, work func(context.Context, Request) (Response, error),
) (Response, error) {
	leave, err := limit.enter(ctx)
	if err != nil {
		var none Response
		return none, err
	}
	defer leave()
	return work(ctx, request)
}

func (s *limited) Create(ctx context.Context, request *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	if request.GetPreview() {
		return s.ResourceProviderServer.Create(ctx, request)
	}
	return through(ctx, s.limit, request, s.ResourceProviderServer.Create)
}

func (s *limited) Read(ctx context.Context, request *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	return through(ctx, s.limit, request, s.ResourceProviderServer.Read)
}

func (s *limited) Update(ctx context.Context, request *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	if request.GetPreview() {
		return s.ResourceProviderServer.Update(ctx, request)
	}
	return through(ctx, s.limit, request, s.ResourceProviderServer.Update)
}

func (s *limited) Delete(ctx context.Context, request *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	return through(ctx, s.limit, request, s.ResourceProviderServer.Delete)
}

// Cancel lets what is under way come to its end, and what waits for a place not begin.
func (s *limited) Cancel(ctx context.Context, request *emptypb.Empty) (*emptypb.Empty, error) {
	s.limit.once.Do(func() { close(s.limit.cancelled) })
	return s.ResourceProviderServer.Cancel(ctx, request)
}
