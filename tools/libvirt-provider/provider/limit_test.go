package provider

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dmacvicar/terraform-provider-libvirt/libvirt"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// slow counts how many operations it has at once, each of which waits to be let go.
type slow struct {
	pulumirpc.UnimplementedResourceProviderServer
	now, most, all atomic.Int32
	letGo          chan struct{}
}

func (s *slow) work() {
	now := s.now.Add(1)
	for most := s.most.Load(); now > most && !s.most.CompareAndSwap(most, now); most = s.most.Load() {
	}
	<-s.letGo
	s.now.Add(-1)
	s.all.Add(1)
}

func (s *slow) Create(context.Context, *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	s.work()
	return &pulumirpc.CreateResponse{}, nil
}

func (s *slow) Read(context.Context, *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	s.work()
	return &pulumirpc.ReadResponse{}, nil
}

func (s *slow) Update(context.Context, *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	s.work()
	return &pulumirpc.UpdateResponse{}, nil
}

func (s *slow) Delete(context.Context, *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	s.work()
	return &emptypb.Empty{}, nil
}

func (s *slow) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (s *slow) waitFor(t *testing.T, wanted int32) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); s.now.Load() != wanted; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d operations are under way, not %d", s.now.Load(), wanted)
		}
	}
}

func limitedTo(parallel int) (*slow, pulumirpc.ResourceProviderServer) {
	limit := NewLimit()
	limit.resize(parallel)
	inner := &slow{letGo: make(chan struct{})}
	return inner, limit.Around(inner)
}

func TestOperationsOfEveryKindShareTheLimit(t *testing.T) {
	inner, server := limitedTo(3)
	ctx := context.Background()
	var done sync.WaitGroup
	start := func(work func() error) {
		done.Add(1)
		go func() {
			defer done.Done()
			if err := work(); err != nil {
				t.Error(err)
			}
		}()
	}
	for range 5 {
		start(func() error { _, err := server.Create(ctx, &pulumirpc.CreateRequest{}); return err })
		start(func() error { _, err := server.Read(ctx, &pulumirpc.ReadRequest{}); return err })
		start(func() error { _, err := server.Update(ctx, &pulumirpc.UpdateRequest{}); return err })
		start(func() error { _, err := server.Delete(ctx, &pulumirpc.DeleteRequest{}); return err })
	}
	inner.waitFor(t, 3)
	close(inner.letGo)
	done.Wait()
	if most, all := inner.most.Load(), inner.all.Load(); most != 3 || all != 20 {
		t.Fatalf("%d at once of 20, %d done; want 3 at once and all done", most, all)
	}
}

func TestPreviewsDoNotWait(t *testing.T) {
	inner, server := limitedTo(1)
	ctx := context.Background()
	for range 3 {
		go server.Create(ctx, &pulumirpc.CreateRequest{Preview: true})
		go server.Update(ctx, &pulumirpc.UpdateRequest{Preview: true})
	}
	inner.waitFor(t, 6)
	close(inner.letGo)
}

func TestWhatWaitsIsNotBegunAfterCancel(t *testing.T) {
	inner, server := limitedTo(1)
	ctx := context.Background()
	first := make(chan error, 1)
	go func() { _, err := server.Create(ctx, &pulumirpc.CreateRequest{}); first <- err }()
	inner.waitFor(t, 1)
	second := make(chan error, 1)
	go func() { _, err := server.Create(ctx, &pulumirpc.CreateRequest{}); second <- err }()
	for range 2 {
		if _, err := server.Cancel(ctx, &emptypb.Empty{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-second; status.Code(err) != codes.Canceled {
		t.Fatalf("the one that waited ended with %v", err)
	}
	inner.letGo <- struct{}{}
	if err := <-first; err != nil {
		t.Fatalf("the one under way ended with %v", err)
	}
	if _, err := server.Delete(ctx, &pulumirpc.DeleteRequest{}); status.Code(err) != codes.Canceled {
		t.Fatalf("one that came later ended with %v", err)
	}
}

func TestWaitingEndsWithTheCall(t *testing.T) {
	inner, server := limitedTo(1)
	go server.Read(context.Background(), &pulumirpc.ReadRequest{})
	inner.waitFor(t, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := server.Read(ctx, &pulumirpc.ReadRequest{}); status.Code(err) != codes.DeadlineExceeded {
		t.Fatalf("it ended with %v", err)
	}
	close(inner.letGo)
}

func configure(t *testing.T, limit *Limit, uri string, connect schema.ConfigureFunc) error {
	t.Helper()
	data := schema.TestResourceDataRaw(t, libvirt.Provider().Schema, map[string]interface{}{"uri": uri})
	_, err := limit.configured(connect)(data)
	return err
}

func TestTheClientDoesNotSeeOurParameter(t *testing.T) {
	limit := NewLimit()
	if cap(limit.slots) != 4 {
		t.Fatalf("the default is %d", cap(limit.slots))
	}
	var seen interface{}
	err := configure(t, limit, "qemu+ssh://root@h/system?parallel=7&sshauth=privkey", func(data *schema.ResourceData) (interface{}, error) {
		seen = data.Get("uri")
		return nil, nil
	})
	if err != nil || seen != "qemu+ssh://root@h/system?sshauth=privkey" || cap(limit.slots) != 7 {
		t.Fatalf("%v, the client sees %v, %d at once", err, seen, cap(limit.slots))
	}
}

func TestAWrongParameterDoesNotConnect(t *testing.T) {
	err := configure(t, NewLimit(), "qemu:///system?parallel=many", func(*schema.ResourceData) (interface{}, error) {
		return nil, errors.New("it was connected")
	})
	if err == nil || err.Error() == "it was connected" {
		t.Fatalf("it ended with %v", err)
	}
}
