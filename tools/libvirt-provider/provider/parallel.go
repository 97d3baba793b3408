package provider

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// How many operations run on a host at a time: libvirtd takes 20 clients, sshd's MaxStartups begins to refuse at 10, and a pool
// has one asynchronous job at a time.
const (
	DefaultParallel = 4
	maximumParallel = 64
)

const parallelKey = "parallel"

// splitParallel takes our own parameter "parallel=<n>" out of a connection URI. Everything else stays as it is written.
func splitParallel(uri string) (rest string, parallel int, err error) {
	before, fragment, hasFragment := strings.Cut(uri, "#")
	base, query, found := strings.Cut(before, "?")
	if !found {
		return uri, DefaultParallel, nil
	}
	parallel = DefaultParallel
	var kept []string
	for _, part := range strings.Split(query, "&") {
		key, value, _ := strings.Cut(part, "=")
		if name, err := url.QueryUnescape(key); err != nil || name != parallelKey {
			kept = append(kept, part)
			continue
		}
		parallel, err = strconv.Atoi(value)
		if err != nil || parallel < 1 || parallel > maximumParallel {
			return "", 0, fmt.Errorf("uri: %s=%q: give the number of operations that the host takes at a time, 1 to %d",
				parallelKey, value, maximumParallel)
		}
	}
	rest = base
	if len(kept) > 0 {
		rest += "?" + strings.Join(kept, "&")
	}
	if hasFragment {
		rest += "#" + fragment
	}
	return rest, parallel, nil
}
