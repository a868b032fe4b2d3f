# lib.sh - what the parts of `make bench` share; read with `.`, from the root of the project.
#
# A part starts its servers with `begun`, names its rows with `row`, measures them in turns with
# `rounds_of`, and says with `bar` what was asked and what came out. All it makes is gone at its end.
set -u
here=tests/bench bin=build/plain/tests/bench
rounds=${ROUNDS:-7} each=${EACH:-1} conns=64 threads=2
export THREADS=$threads
part=${0##*/}
work=$(mktemp -d /tmp/tinhso-bench.XXXXXX) || exit 1
chmod 755 "$work" # as root nginx's workers are nobody
export SEEN=$work/seen
hz=$(getconf CLK_TCK)
bars=${BENCH_BARS:-$work/bars} # the table of all parts, or of this one
begun_pids=() also_gone=()

ended() {
    trap - EXIT
    for p in "${begun_pids[@]}"; do kill "$p" 2>/dev/null; done
    for p in "${begun_pids[@]}"; do wait "$p" 2>/dev/null; done
    rm -rf "$work" "${also_gone[@]}"
}
trap ended EXIT
trap 'exit 130' INT TERM HUP

say() { printf '%s\n' "$*" >&2; }
stop() { say "$part: $*"; exit 70; }
begun() { begun_pids+=("$1"); }

# A port nobody listens on. What is asked of the kernel may be taken before it is used: rarely.
next_port=$((20000 + RANDOM % 20000))
free_port() {
    while :; do
        next_port=$((next_port + 1))
        (exec 3<>"/dev/tcp/127.0.0.1/$next_port") 2>/dev/null || { port=$next_port; return; }
    done
}
answers() { # url, process: waits until it does
    for _ in $(seq 1000); do
        curl -sk -o /dev/null "$1" && return
        kill -0 "$2" 2>/dev/null || return 1
        sleep 0.02
    done
    return 1
}

# nginx as it is installed, two workers; what stands in server{} comes from standard input.
nginx_begin() { # sets nginx
    cat >"$work/nginx.conf" <<CONF
worker_processes 2;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 2048; }
http {
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
    sendfile on; tcp_nopush on; open_file_cache max=100;
    keepalive_requests 100000000;
    $(cat)
}
CONF
    /usr/sbin/nginx -c "$work/nginx.conf" -g 'daemon off;' 2>"$work/nginx.err" &
    nginx=$!
    begun $nginx
}
nginx_pids() { cat "/proc/$nginx/task/$nginx/children"; }
nginx_why() { tail -n 2 "$work/nginx.err" "$work/nginx.log" 2>/dev/null; }
# What http_hello answers too.
hello='{"id":12345,"code":"H44.12-261123-0007","state":"received","unit":"H44.12","received_at":1795400045120,"due_at":1795832045120,"title":"dang ky khai sinh","ok":true,"n":1234567}'

# tinhso serve of a folder; sets server, origin. Further words are options.
serve() { # data folder
    local data=$1
    shift
    free_port
    origin=http://127.0.0.1:$port
    TINHSO_WEB_RATE=1000000000 build/tinhso serve --data "$data" --listen "127.0.0.1:$port" "$@" >>"$work/serve.log" 2>&1 &
    server=$!
    begun $server
}
below() { # a process and all below it
    local p
    echo "$1"
    for p in $(cat "/proc/$1/task/"*/children 2>/dev/null); do below "$p"; done
}
server_pids() { below "$server"; }

cookies_of() { awk '/^#HttpOnly_|^[^#]/ && NF >= 7 { printf "%s%s=%s", n++ ? "; " : "", $6, $7 }' "$1"; }
sign_in() { # login; prints its cookies
    local jar=$work/jar.$1 token
    token=$(curl -s -c "$jar" "$origin/dang-nhap" | grep -o 'name="_token" value="[^"]*"' | head -n 1 | cut -d'"' -f4)
    [ -n "$token" ] || stop "no form token on the page of signing in"
    curl -s -o /dev/null -b "$jar" -c "$jar" --data-urlencode "_token=$token" --data-urlencode "tai_khoan=$1" \
        --data-urlencode "mat_khau=tinhso-2026" "$origin/dang-nhap"
    cookies_of "$jar"
}
metric() { curl -s "$origin/metrics" | awk -v m="$1" 'index($1, m) == 1 { print $2; exit }'; }
fsyncs() { metric tinhso_db_fsyncs_total; }

# ---- rows: name, whose processes, url, script, cookie, fields, tokens a round ----

declare -A pids=() url=() script=() cookie=() fields=() tokens=()
order=()
row() { order+=("$1"); pids[$1]=$2 url[$1]=$3 script[$1]=${4:-} cookie[$1]=${5:-} fields[$1]=${6:-} tokens[$1]=${7:-0}; }

ticks() { # CPU of these processes, user and system
    local sum=0 p
    for p in "$@"; do sum=$((sum + $(cut -d' ' -f14 "/proc/$p/stat") + $(cut -d' ' -f15 "/proc/$p/stat"))); done
    echo $sum
}

# The bytes of one answer, which must be a page.
bytes_of() { # row
    curl -sSk -o /dev/null -H "Cookie: ${cookie[$1]}" -w '%{http_code} %{size_header} %{size_download}' "${url[$1]}" |
        awk -v seen="$SEEN" '$1 != 200 { print "status", $1 >>seen } { print $2 + $3 }'
}

measure() { # row, round; WRK: further words for wrk
    local r=$1 before after syncs=0 args=() bytes=0
    [ -z "${script[$r]}" ] || args=(-s "$here/${script[$r]}")
    [ "${script[$r]}" != get.lua ] || bytes=$(bytes_of "$r")
    if [ "${tokens[$r]}" -gt 0 ]; then
        tail -n +$(($2 * tokens[$r] + 1)) "$work/tokens.$r" | head -n "${tokens[$r]}" >"$work/tokens.now"
        syncs=$(fsyncs)
    fi
    before=$(ticks $(${pids[$r]}))
    COOKIE=${cookie[$r]} FIELDS=${fields[$r]} TOKENS=$work/tokens.now BYTES=$bytes \
        wrk -t$threads -c$conns -d"${each}s" --latency ${WRK:-} "${args[@]}" "${url[$r]}" >"$work/wrk" 2>&1
    after=$(ticks $(${pids[$r]}))
    [ "${tokens[$r]}" -eq 0 ] || syncs=$(($(fsyncs) - syncs))
    awk -v r="$r" -v round="$2" -v cpu=$((after - before)) -v hz="$hz" -v syncs="$syncs" '
        function ms(t) { return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t ~ /m$/ ? t * 60000 : t * 1000 }
        $1 == "50%" { p50 = ms($2) }
        $1 == "99%" { p99 = ms($2) }
        / requests in / { n = $1 }
        /^Requests\/sec:/ { rps = $2 }
        END { if (n > 0) printf "%d\t%s\t%.0f\t%.2f\t%.3f\t%.3f\t%.3f\n", round, r, rps, cpu * 1e6 / hz / n, p50, p99, syncs / n }' \
        "$work/wrk" >>"$work/samples"
}

# Caches warm; then each round asks every row once, in another order.
rounds_of_all() {
    local r i round
    say "$part: $rounds rounds of ${#order[@]} rows, $each s each"
    for r in "${order[@]}"; do [ "${tokens[$r]}" -gt 0 ] || measure "$r" 0; done
    rm -f "$work/samples"
    for round in $(seq 0 $((rounds - 1))); do
        for i in "${!order[@]}"; do measure "${order[$(((i + round * 5) % ${#order[@]}))]}" "$round"; done
    done
    [ ! -s "$SEEN" ] || { sort "$SEEN" | uniq -c >&2; stop "answers were not what they should be"; }
}
# Medians and ratios of the samples: columns are 3 requests a second, 4 CPU each (µs), 5 and 6 the
# 50th and 99th of 100 (ms), 7 fsyncs a request.
of() { awk -F'\t' -v k="$1" -v c="$2" "$(cat $here/median.awk)"' $2 == k { l[++n] = $c } END { printf "%.10g", median(l, n) }' "$work/samples"; }
ratio() { # ours, peer, column: formed within a round, the median of the rounds
    awk -F'\t' -v k="$1" -v p="$2" -v c="$3" "$(cat $here/median.awk)"'
        { v[$2, $1] = $c; r[$1] }
        END { for (i in r) if (v[p, i] > 0 && v[k, i] > 0) l[++n] = v[k, i] / v[p, i]; printf "%.3f", median(l, n) }' "$work/samples"
}
rps() { printf '%.0f/s' "$(of "$1" 3)"; }
us() { printf '%.1f µs' "$(of "$1" 4)"; }

# ---- bars: what, ours, peer, ratio of both, what is judged, <= or >=, of what, in words ----

bar() {
    local verdict=missed
    awk -v v="$5" -v l="$7" -v op="$6" 'BEGIN { exit !(op == "<=" ? v <= l : v >= l) }' && verdict=met
    printf '| %s | %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "$8" "$verdict" | tee -a "$bars" >&2
}
# A table between two marks of docs/performance.md.
write_doc() { # name of the marks, file
    [ -n "${DOC:-}" ] || return 0
    awk -v table="$2" -v from="<!-- $1:begin -->" -v to="<!-- $1:end -->" '
        $0 == from { print; while ((getline l < table) > 0) print l; skip = 1 }
        $0 == to { skip = 0 }
        !skip' docs/performance.md >"$work/doc" && cp "$work/doc" docs/performance.md
}
