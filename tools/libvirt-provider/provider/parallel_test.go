package provider

import (
	"strings"
	"testing"
)

func TestSplitParallel(t *testing.T) {
	for _, each := range []struct {
		uri, rest string
		parallel  int
	}{
		{"qemu:///system", "qemu:///system", DefaultParallel},
		{"qemu:///system?parallel=1", "qemu:///system", 1},
		{"qemu+ssh://root@h:22/system?keyfile=/a b&parallel=64&knownhosts=%2Fk", "qemu+ssh://root@h:22/system?keyfile=/a b&knownhosts=%2Fk", 64},
		{"qemu+ssh://h/system?no_verify&parallel=2#x", "qemu+ssh://h/system?no_verify#x", 2},
		{"qemu:///system?%70arallel=3", "qemu:///system", 3},
		{"qemu:///system?unparallel=9", "qemu:///system?unparallel=9", DefaultParallel},
		{"qemu:///system#?parallel=9", "qemu:///system#?parallel=9", DefaultParallel},
	} {
		rest, parallel, err := splitParallel(each.uri)
		if err != nil || rest != each.rest || parallel != each.parallel {
			t.Errorf("splitParallel(%q) = %q, %d, %v; want %q, %d", each.uri, rest, parallel, err, each.rest, each.parallel)
		}
	}
}

func TestSplitParallelRefusesWhatIsNoNumberOfOperations(t *testing.T) {
	for _, value := range []string{"", "0", "-1", "65", "four", "2.5", "1e1", "%34"} {
		_, _, err := splitParallel("qemu+ssh://ada:hunter2@h/system?parallel=" + value)
		if err == nil {
			t.Errorf("%q was taken", value)
		} else if strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "1 to 64") {
			t.Errorf("not the message to give: %v", err)
		}
	}
}
