package redisbroker

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

// Options configures a Broker.
type Options struct {
	// URL names the servers. User, password and database number are optional, the port is 6379 by default, 26379 for Sentinel:
	//
	//	redis://user:password@host:6379/0                             one server; rediss:// is over TLS
	//	unix:///run/redis/redis.sock?db=0                             one server, by its socket
	//	redis://sentinel1?addr=sentinel2&addr=sentinel3&master_name=x  what these Sentinels say is the master x
	//	redis://node1?addr=node2&addr=node3&cluster=true              a cluster; it finds the nodes that are not named
	//
	// sentinel_username and sentinel_password are for the Sentinels themselves; protocol=2 is for proxies that do not speak RESP3.
	URL string

	// Prefix begins the names of all keys and channels. Apps that share a server need different ones. Default: "qwelp:".
	Prefix string

	// TLS configures connections of rediss:// URLs. Sentinels and clusters name their servers by address, so certificates that hold
	// names only need a ServerName here. Default: the system's certificates, TLS 1.2 or newer.
	TLS *tls.Config

	// Logger receives what an operator should know: when the server is away or back, and what Check finds after the first connect.
	// Default: slog.Default().
	Logger *slog.Logger
}

// limits are how long things may take and how much may wait. Tests have others.
type limits struct {
	dial, write  time.Duration
	probe        time.Duration // a subscription that hears nothing for so long is probed
	backoff      time.Duration // the first delay between two attempts to connect; it doubles
	maxBackoff   time.Duration
	queue        int // messages that wait for a slow subscriber
	queueBytes   int // and their bytes
	connBuffer   int // bytes read and written at once, for each connection
	maxRedirects int // of one command, while a cluster moves slots
}

var defaultLimits = limits{
	dial: time.Second, write: time.Second, probe: 5 * time.Second, backoff: 100 * time.Millisecond, maxBackoff: 5 * time.Second,
	queue: 4096, queueBytes: 8 << 20, connBuffer: 64 << 10, maxRedirects: 5,
}

// parameters are those that a URL may have.
var parameters = []string{"addr", "cluster", "db", "master_name", "protocol", "sentinel_password", "sentinel_username"}

const example = `want "redis://host:6379"`

// parse reads the URL. Its errors hold nothing of it that may be a password.
func (o Options) parse(l limits) (rueidis.ClientOption, error) {
	option := rueidis.ClientOption{
		Dialer:             net.Dialer{Timeout: l.dial, KeepAlive: time.Second},
		ConnWriteTimeout:   l.write,
		ReadBufferEachConn: l.connBuffer, WriteBufferEachConn: l.connBuffer,
		RingScaleEachConn: 8,
		PipelineMultiplex: -1, // one connection for all commands
		AlwaysPipelining:  true,
		DisableRetry:      true, // a Set or an Incr that is sent twice may count twice
		DisableCache:      true,
		ClientSetInfo:     rueidis.DisableClientSetInfo, // a command that few users of ACLs allow
		ClusterOption:     rueidis.ClusterOption{ShardsRefreshInterval: 5 * time.Second, MaxMovedRedirections: l.maxRedirects},
	}
	if o.URL == "" {
		return option, errors.New("redisbroker: Options.URL is empty: " + example)
	}
	u, err := url.Parse(o.URL)
	if err != nil {
		return option, errors.New("redisbroker: Options.URL is no URL: " + example + "; in a password, write # as %23, / as %2F, % as %25")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return option, errors.New("redisbroker: Options.URL: the part after ? cannot be read: want name=value pairs with & in between")
	}
	for name, values := range query {
		if !slices.Contains(parameters, name) {
			return option, fmt.Errorf("redisbroker: Options.URL: unknown parameter %q: want one of %s", name, strings.Join(parameters, ", "))
		}
		if name != "addr" && len(values) > 1 {
			return option, fmt.Errorf("redisbroker: Options.URL: %s stands there twice", name)
		}
	}
	option.Username = u.User.Username()
	option.Password, _ = u.User.Password()
	option.AlwaysRESP2 = query.Get("protocol") == "2"
	option.Sentinel.MasterSet = query.Get("master_name")
	option.Sentinel.Username, option.Sentinel.Password = query.Get("sentinel_username"), query.Get("sentinel_password")
	option.Sentinel.TopologyRefreshInterval = 5 * time.Second // an event of a failover may be missed
	cluster := query.Get("cluster") == "true"
	option.ForceSingleClient = option.Sentinel.MasterSet == "" && !cluster
	err = errors.Join(
		oneOf("cluster", query.Get("cluster"), "", "true", "false"), oneOf("protocol", query.Get("protocol"), "", "2", "3"),
		o.addresses(&option, u, query["addr"]), o.database(&option, u, query.Get("db")),
	)
	switch {
	case err != nil:
	case cluster && option.Sentinel.MasterSet != "":
		err = errors.New("redisbroker: Options.URL: cluster=true and master_name exclude each other")
	case cluster && option.SelectDB != 0:
		err = errors.New("redisbroker: Options.URL: a cluster has database 0 only")
	case option.ForceSingleClient && len(option.InitAddress) > 1:
		err = errors.New("redisbroker: Options.URL: several addresses are Sentinels or a cluster: add master_name=… or cluster=true")
	case option.Sentinel.MasterSet == "" && option.Sentinel.Username+option.Sentinel.Password != "":
		err = errors.New("redisbroker: Options.URL: sentinel_username and sentinel_password need master_name")
	}
	option.Sentinel.TLSConfig, option.Sentinel.Dialer = option.TLSConfig, option.Dialer
	return option, err
}

func oneOf(name, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return fmt.Errorf("redisbroker: Options.URL: %s=%s: want %s", name, value, strings.Join(values[1:], " or "))
}

func (o Options) addresses(option *rueidis.ClientOption, u *url.URL, more []string) error {
	port := "6379"
	if option.Sentinel.MasterSet != "" {
		port = "26379"
	}
	switch u.Scheme {
	case "unix":
		if u.Host != "" || u.Path == "" || len(more) > 0 || !option.ForceSingleClient {
			return errors.New(`redisbroker: Options.URL: want one socket by its full path: "unix:///run/redis/redis.sock"`)
		}
		option.InitAddress = []string{u.Path}
		option.DialCtxFn = func(ctx context.Context, path string, d *net.Dialer, _ *tls.Config) (net.Conn, error) {
			return d.DialContext(ctx, "unix", path)
		}
	case "rediss":
		option.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		if o.TLS != nil {
			option.TLSConfig = o.TLS.Clone()
		}
	case "redis":
		if o.TLS != nil {
			return errors.New("redisbroker: Options.TLS is for URLs that begin with rediss://")
		}
	default:
		return fmt.Errorf("redisbroker: Options.URL: scheme %q: want redis, rediss or unix", u.Scheme)
	}
	if u.Scheme == "unix" {
		return nil
	}
	for _, host := range append([]string{u.Host}, more...) {
		h, err := url.Parse("//" + host)
		if err != nil || h.Host != host || h.Hostname() == "" || strings.ContainsAny(host, ", ") {
			return errors.New("redisbroker: Options.URL: an address is not host or host:port: " + example + ", and &addr=host:port for each further one")
		}
		option.InitAddress = append(option.InitAddress, net.JoinHostPort(h.Hostname(), cmp.Or(h.Port(), port)))
	}
	return nil
}

func (o Options) database(option *rueidis.ClientOption, u *url.URL, db string) error {
	if path := strings.Trim(u.Path, "/"); path != "" && u.Scheme != "unix" {
		if db != "" && db != path {
			return errors.New("redisbroker: Options.URL names two databases")
		}
		db = path
	}
	if db == "" {
		return nil
	}
	n, err := strconv.ParseUint(db, 10, 16)
	if err != nil {
		return fmt.Errorf(`redisbroker: Options.URL: database %q: want a number, such as 0`, db)
	}
	option.SelectDB = int(n)
	return nil
}
