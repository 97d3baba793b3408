// Package sshlib tests the SSH transport of terraform-provider-libvirt with our patch, on real SSH servers in this process that
// stop answering. The published one has neither the names it sets nor an end.
package sshlib

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dmacvicar/terraform-provider-libvirt/libvirt/uri"
	"golang.org/x/crypto/ssh"
)

const patience = 10 * time.Second

func TestMain(m *testing.M) {
	uri.SSHKeepAliveInterval = 20 * time.Millisecond
	uri.SSHKeepAlivePatience = 980 * time.Millisecond
	os.Exit(m.Run())
}

// host is an SSH server behind a wire that can be cut: then nothing gets through, and nobody is told.
type host struct {
	address string
	dark    atomic.Bool
	// asked counts requests of the connection itself.
	asked atomic.Int32
	// left gets a word for each connection that ended.
	left chan struct{}
}

// wire holds back what comes after the cut, in both directions.
type wire struct {
	net.Conn
	host *host
}

func (w wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	for err == nil && w.host.dark.Load() {
		n, err = w.Conn.Read(p)
	}
	return n, err
}

func (w wire) Write(p []byte) (int, error) {
	if w.host.dark.Load() {
		return len(p), nil
	}
	return w.Conn.Write(p)
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

func startHost(t *testing.T) *host {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{
		PublicKeyCallback: func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil },
	}
	config.AddHostKey(signer)
	listener := listen(t)
	h := &host{address: listener.Addr().String(), left: make(chan struct{}, 10)}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go h.serve(wire{conn, h}, config)
		}
	}()
	return h
}

func (h *host) serve(conn net.Conn, config *ssh.ServerConfig) {
	defer conn.Close()
	server, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go func() {
		for request := range requests {
			h.asked.Add(1)
			// As sshd does with what it does not know.
			request.Reply(false, nil)
		}
	}()
	for each := range channels {
		channel, more, err := each.Accept()
		if err != nil {
			continue
		}
		go ssh.DiscardRequests(more)
		go h.open(each, channel)
	}
	server.Wait()
	h.left <- struct{}{}
}

// open echoes what is said to libvirt's socket, and passes on what goes to another host.
func (h *host) open(request ssh.NewChannel, channel ssh.Channel) {
	defer channel.Close()
	if request.ChannelType() != "direct-tcpip" {
		io.Copy(channel, channel)
		return
	}
	var to struct {
		Host   string
		Port   uint32
		Origin string
		From   uint32
	}
	if err := ssh.Unmarshal(request.ExtraData(), &to); err != nil {
		return
	}
	next, err := net.Dial("tcp", net.JoinHostPort(to.Host, fmt.Sprint(to.Port)))
	if err != nil {
		return
	}
	defer next.Close()
	go io.Copy(next, channel)
	io.Copy(channel, next)
}

// dial connects as the provider does, with a key and an SSH config of its own.
func dial(t *testing.T, address, sshConfig string) (net.Conn, error) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.Mkdir(filepath.Join(home, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	keyFile := filepath.Join(home, ".ssh", "key")
	for file, text := range map[string][]byte{
		keyFile:                               pem.EncodeToMemory(block),
		filepath.Join(home, ".ssh", "config"): []byte(sshConfig),
	} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	query := url.Values{"sshauth": {"privkey"}, "keyfile": {keyFile}, "no_verify": {"1"}}
	parsed, err := uri.Parse("qemu+ssh://root@" + address + "/system?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	return within(t, "connecting", parsed.Dial)
}

func connected(t *testing.T, address, sshConfig string) net.Conn {
	t.Helper()
	conn, err := dial(t, address, sshConfig)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	answers(t, conn)
	return conn
}

// within fails the test when the work does not come to an end.
func within[Result any](t *testing.T, what string, work func() (Result, error)) (Result, error) {
	t.Helper()
	type end struct {
		result Result
		err    error
	}
	done := make(chan end, 1)
	go func() {
		result, err := work()
		done <- end{result, err}
	}()
	select {
	case ended := <-done:
		return ended.result, ended.err
	case <-time.After(patience):
		t.Fatalf("%s hangs", what)
		panic("not reached")
	}
}

func answers(t *testing.T, conn net.Conn) {
	t.Helper()
	said, err := within(t, "a call", func() (string, error) {
		if _, err := conn.Write([]byte("call")); err != nil {
			return "", err
		}
		reply := make([]byte, 4)
		_, err := io.ReadFull(conn, reply)
		return string(reply), err
	})
	if err != nil || said != "call" {
		t.Fatalf("the host said %q, %v", said, err)
	}
}

func names(t *testing.T, err error, silent *host) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), silent.address+" did not answer for 1 s: see that it is on") {
		t.Fatalf("it ended with %v", err)
	}
}

func leaves(t *testing.T, h *host) {
	t.Helper()
	within(t, "the end of a connection", func() (struct{}, error) { return <-h.left, nil })
}

func TestACallToAHostThatFallsSilentEnds(t *testing.T) {
	silent := startHost(t)
	conn := connected(t, silent.address, "")
	silent.dark.Store(true)
	_, err := within(t, "the call", func() (int, error) { return conn.Read(make([]byte, 1)) })
	names(t, err, silent)
	// What comes later is told the same.
	_, err = within(t, "a later call", func() (int, error) { return conn.Write([]byte("call")) })
	names(t, err, silent)
}

func TestAnUploadToAHostThatFallsSilentEnds(t *testing.T) {
	silent := startHost(t)
	conn := connected(t, silent.address, "")
	silent.dark.Store(true)
	_, err := within(t, "the upload", func() (int, error) { return conn.Write(make([]byte, 64<<20)) })
	names(t, err, silent)
}

func TestAHostThatAnswersIsLeftAlone(t *testing.T) {
	steady := startHost(t)
	conn := connected(t, steady.address, "")
	for end := time.Now().Add(patience); steady.asked.Load() < 30; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it was asked %d times", steady.asked.Load())
		}
	}
	answers(t, conn)
}

func TestNothingIsLeftOfAConnectionThatIsClosed(t *testing.T) {
	steady := startHost(t)
	conn := connected(t, steady.address, "")
	conn.Close()
	leaves(t, steady)
	if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("a later call ended with %v", err)
	}
}

func route(t *testing.T) (bastion, target *host, sshConfig string) {
	t.Helper()
	bastion, target = startHost(t), startHost(t)
	port := func(h *host) string { return h.address[strings.LastIndex(h.address, ":")+1:] }
	return bastion, target, fmt.Sprintf("Host bastion\n  HostName 127.0.0.1\n  Port %s\nHost target\n  HostName 127.0.0.1\n  Port %s\n  ProxyJump bastion\n",
		port(bastion), port(target))
}

func TestAHostBehindABastionIsWatchedToo(t *testing.T) {
	bastion, target, sshConfig := route(t)
	conn := connected(t, "target", sshConfig)
	target.dark.Store(true)
	_, err := within(t, "the call", func() (int, error) { return conn.Read(make([]byte, 1)) })
	names(t, err, target)
	leaves(t, bastion)
}

func TestABastionIsWatchedToo(t *testing.T) {
	bastion, _, sshConfig := route(t)
	conn := connected(t, "target", sshConfig)
	bastion.dark.Store(true)
	_, err := within(t, "the call", func() (int, error) { return conn.Read(make([]byte, 1)) })
	if err == nil || !strings.Contains(err.Error(), "did not answer for 1 s") {
		t.Fatalf("it ended with %v", err)
	}
}

func TestAHostThatFallsSilentWhileItIsConnectedToIsNoticed(t *testing.T) {
	silent := startHost(t)
	silent.dark.Store(true)
	_, err := dial(t, silent.address, "")
	names(t, err, silent)
	// Behind a bastion, too.
	bastion, target, sshConfig := route(t)
	target.dark.Store(true)
	_, err = dial(t, "target", sshConfig)
	names(t, err, target)
	leaves(t, bastion)
}
