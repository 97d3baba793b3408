// Package clientlib tests go-libvirt with our patch against a libvirtd that is played here, frame by frame. Without the patch
// each test of streams hangs or reads too little, and nobody hears why a connection was lost.
package clientlib

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	libvirt "github.com/digitalocean/go-libvirt"
	"github.com/digitalocean/go-libvirt/socket"
)

// Numbers of procedures in libvirt's remote protocol.
const (
	connectOpen        = 1
	authList           = 66
	getLibVersion      = 157
	storageVolUpload   = 208
	storageVolDownload = 209
)

const patience = 5 * time.Second

type frame struct {
	header  socket.Header
	payload []byte
}

// server plays libvirtd on one end of a pipe.
type server struct {
	t    *testing.T
	conn net.Conn
	// stream answers a call that opens a stream.
	stream func(s *server, call frame)
}

func (s *server) read() (frame, error) {
	var length uint32
	if err := binary.Read(s.conn, binary.BigEndian, &length); err != nil {
		return frame{}, err
	}
	var received frame
	if err := binary.Read(s.conn, binary.BigEndian, &received.header); err != nil {
		return frame{}, err
	}
	received.payload = make([]byte, int(length)-4-binary.Size(received.header))
	_, err := io.ReadFull(s.conn, received.payload)
	return received, err
}

// send writes frames in one piece, as they may come out of a tunnel.
func (s *server) send(frames ...frame) {
	var buffer bytes.Buffer
	for _, each := range frames {
		binary.Write(&buffer, binary.BigEndian, uint32(4+binary.Size(each.header)+len(each.payload)))
		binary.Write(&buffer, binary.BigEndian, each.header)
		buffer.Write(each.payload)
	}
	if _, err := s.conn.Write(buffer.Bytes()); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		s.t.Error(err)
	}
}

func (f frame) with(kind, status uint32, payload string) frame {
	header := f.header
	header.Type, header.Status = kind, status
	return frame{header, []byte(payload)}
}

func (f frame) reply(payload string) frame { return f.with(socket.Reply, socket.StatusOK, payload) }
func (f frame) data(payload string) frame {
	return f.with(socket.Stream, socket.StatusContinue, payload)
}
func (f frame) finish() frame { return f.with(socket.Stream, socket.StatusOK, "") }

// refusal is a virError of code 38 as XDR: code, domain, message, level.
func (f frame) refusal(message string) frame {
	var buffer bytes.Buffer
	for _, number := range []uint32{38, 18, 1, uint32(len(message))} {
		binary.Write(&buffer, binary.BigEndian, number)
	}
	buffer.WriteString(message)
	buffer.Write(make([]byte, (4-len(message)%4)%4))
	binary.Write(&buffer, binary.BigEndian, uint32(2))
	return f.with(socket.Stream, socket.StatusError, buffer.String())
}

func (s *server) serve() {
	for {
		call, err := s.read()
		if err != nil {
			return
		}
		switch call.header.Procedure {
		case authList:
			s.send(call.reply("\x00\x00\x00\x00"))
		case connectOpen:
			s.send(call.reply(""))
		case getLibVersion:
			s.send(call.reply("\x00\x00\x00\x00\x00\x89\x54\x40"))
		case storageVolUpload, storageVolDownload:
			s.stream(s, call)
		default:
			s.t.Errorf("procedure %d is not played", call.header.Procedure)
		}
	}
}

type pipe struct{ conn net.Conn }

func (p pipe) Dial() (net.Conn, error) { return p.conn, nil }

func connected(t *testing.T, stream func(s *server, call frame)) *libvirt.Libvirt {
	t.Helper()
	ours, theirs := net.Pipe()
	go (&server{t, theirs, stream}).serve()
	client := libvirt.NewWithDialer(pipe{ours})
	within(t, "connecting", func() error { return client.ConnectToURI(libvirt.QEMUSystem) })
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	return client
}

// within fails the test when the work does not come to an end.
func within(t *testing.T, what string, work func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	case <-time.After(patience):
		t.Fatalf("%s hangs", what)
	}
}

func stillAnswers(t *testing.T, client *libvirt.Libvirt) {
	t.Helper()
	within(t, "another call on the connection", func() error {
		version, err := client.ConnectGetLibVersion()
		if err == nil && version != 9000000 {
			err = fmt.Errorf("version %d", version)
		}
		return err
	})
}

var volume = libvirt.StorageVol{Pool: "default", Name: "seed.iso", Key: "/pool/seed.iso"}

func download(client *libvirt.Libvirt, to io.Writer) error {
	return client.StorageVolDownload(volume, to, 0, 0, 0)
}

func TestADownloadInItsOrderIsRead(t *testing.T) {
	client := connected(t, func(s *server, call frame) {
		s.send(call.reply(""), call.data("a long "), call.data("text"), call.data(""))
	})
	var text bytes.Buffer
	within(t, "the download", func() error { return download(client, &text) })
	if text.String() != "a long text" {
		t.Fatalf("read %q", text.String())
	}
	stillAnswers(t, client)
}

func TestPacketsBeforeTheReplyAreRead(t *testing.T) {
	client := connected(t, func(s *server, call frame) {
		s.send(call.data("a "), call.data("long "), call.reply(""), call.data("text"), call.data(""), call.finish())
	})
	for range 20 {
		var text bytes.Buffer
		within(t, "the download", func() error { return download(client, &text) })
		if text.String() != "a long text" {
			t.Fatalf("read %q", text.String())
		}
	}
	stillAnswers(t, client)
}

func TestAWholeStreamBeforeTheReplyIsRead(t *testing.T) {
	client := connected(t, func(s *server, call frame) { s.send(call.data("all"), call.data(""), call.reply("")) })
	var text bytes.Buffer
	within(t, "the download", func() error { return download(client, &text) })
	if text.String() != "all" {
		t.Fatalf("read %q", text.String())
	}
	stillAnswers(t, client)
}

func TestPacketsAfterTheEndDoNotHang(t *testing.T) {
	client := connected(t, func(s *server, call frame) {
		frames := []frame{call.reply(""), call.data("text"), call.data("")}
		for range 50 {
			frames = append(frames, call.data("late"))
		}
		s.send(append(frames, call.finish())...)
	})
	for range 200 {
		var text bytes.Buffer
		within(t, "the download", func() error { return download(client, &text) })
		if text.String() != "text" {
			t.Fatalf("read %q", text.String())
		}
	}
	stillAnswers(t, client)
}

var errFull = errors.New("no space left")

// full takes nothing, and not before the server has sent more.
type full struct{ more <-chan struct{} }

func (f full) Write([]byte) (int, error) {
	<-f.more
	time.Sleep(20 * time.Millisecond)
	return 0, errFull
}

func TestPacketsAfterTheCallerGaveUpDoNotHang(t *testing.T) {
	more := make(chan struct{})
	client := connected(t, func(s *server, call frame) {
		s.send(call.reply(""), call.data("text"))
		s.send(call.data("more"))
		close(more)
		s.send(call.data("and more"), call.data(""), call.finish())
	})
	within(t, "the download", func() error {
		if err := download(client, full{more}); !errors.Is(err, errFull) {
			return fmt.Errorf("it ended with %v", err)
		}
		return nil
	})
	stillAnswers(t, client)
}

func TestAnUploadThatIsRefusedAtItsEndDoesNotHang(t *testing.T) {
	client := connected(t, func(s *server, call frame) {
		s.send(call.reply(""))
		for {
			packet, err := s.read()
			if err != nil || packet.header.Status == socket.StatusOK {
				break
			}
		}
		// The last packet is written, and its writer about to be done.
		time.Sleep(20 * time.Millisecond)
		s.send(call.refusal("cannot write data: No space left on device"))
	})
	within(t, "the upload", func() error {
		err := client.StorageVolUpload(volume, bytes.NewReader(make([]byte, 100)), 0, 100, 0)
		var refused libvirt.Error
		if !errors.As(err, &refused) || refused.Code != 38 {
			return fmt.Errorf("it ended with %v", err)
		}
		return nil
	})
	stillAnswers(t, client)
}

var errSilent = errors.New("the host did not answer")

// cut is a connection that knows why it ended.
type cut struct{ net.Conn }

func (c cut) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		err = errSilent
	}
	return n, err
}

func TestALostConnectionSaysWhy(t *testing.T) {
	ours, theirs := net.Pipe()
	asked := make(chan struct{})
	go (&server{t, theirs, func(*server, frame) { close(asked) }}).serve()
	client := libvirt.NewWithDialer(pipe{cut{ours}})
	within(t, "connecting", func() error { return client.ConnectToURI(libvirt.QEMUSystem) })
	go func() {
		<-asked
		theirs.Close()
	}()
	within(t, "the call that was under way", func() error {
		err := download(client, io.Discard)
		if !errors.Is(err, libvirt.ErrInterrupted) || !errors.Is(err, errSilent) {
			return fmt.Errorf("it ended with %v", err)
		}
		return nil
	})
	<-client.Disconnected()
	within(t, "a later call", func() error {
		if _, err := client.ConnectGetLibVersion(); !errors.Is(err, errSilent) {
			return fmt.Errorf("it ended with %v", err)
		}
		return nil
	})
	within(t, "disconnecting", client.Disconnect)
}
