/* guard_seccomp.c - the system calls that are left; everything else is EPERM.
 *
 * The lists are what the program and its libraries (glibc, SQLite, libpq, libcurl, OpenSSL, cairo)
 * were seen to ask for, and their neighbours. clone3 is "not there", so that glibc uses clone,
 * whose flags can be looked at: a thread may be made, a process may not. */
#include "guard_inside.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH 0
#endif

/* clang-format off */
static const int of_both[] = {
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_close, SYS_fstat, SYS_newfstatat, SYS_lseek,
    SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_brk,
    SYS_mlock, SYS_mlock2, SYS_munlock, SYS_membarrier,
    SYS_accept4, SYS_getsockopt, SYS_setsockopt, SYS_sendto, SYS_recvfrom, SYS_sendmsg, SYS_recvmsg,
    SYS_ppoll, SYS_fcntl, SYS_getrandom, SYS_futex, SYS_sched_yield,
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_restart_syscall, SYS_sigaltstack,
    SYS_getpid, SYS_gettid, SYS_tgkill, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
    SYS_exit, SYS_exit_group,
#ifdef SYS_poll
    SYS_poll,
#endif
};

static const int of_server[] = {
    SYS_pread64, SYS_pwrite64, SYS_preadv, SYS_pwritev, SYS_sendfile, SYS_copy_file_range,
    SYS_fsync, SYS_fdatasync, SYS_ftruncate, SYS_truncate, SYS_fallocate, SYS_fadvise64,
    SYS_openat, SYS_close_range, SYS_dup, SYS_dup3, SYS_flock, SYS_ioctl, SYS_umask,
    SYS_statx, SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_statfs, SYS_fstatfs,
    SYS_getdents64, SYS_getcwd, SYS_mkdirat, SYS_unlinkat, SYS_renameat, SYS_renameat2, SYS_linkat,
    SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_utimensat, SYS_msync, SYS_mincore,
    SYS_memfd_create, /* fonts are handed to fontconfig that way */
    SYS_bind, SYS_listen, SYS_accept, SYS_connect, SYS_getsockname, SYS_getpeername,
    SYS_socketpair, SYS_shutdown, SYS_sendmmsg, SYS_recvmmsg,
    SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_eventfd2,
    SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime, SYS_pipe2,
    SYS_set_robust_list, SYS_get_robust_list, SYS_rseq, SYS_set_tid_address, SYS_prctl,
    SYS_sched_getaffinity, SYS_sched_setaffinity, SYS_sched_getparam, SYS_sched_getscheduler,
    SYS_rt_sigtimedwait, SYS_rt_sigpending, SYS_rt_sigsuspend,
    SYS_getppid, SYS_getresuid, SYS_getresgid, SYS_getgroups, SYS_prlimit64, SYS_getrlimit,
    SYS_getrusage, SYS_sysinfo, SYS_uname, SYS_times, SYS_adjtimex, SYS_clock_adjtime, SYS_getcpu,
    SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_getpriority, SYS_setpriority,
#ifdef SYS_open /* older calls, where the machine has them */
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_mkdir, SYS_rmdir, SYS_unlink,
    SYS_rename, SYS_link, SYS_chmod, SYS_dup2, SYS_pipe, SYS_select, SYS_epoll_wait, SYS_eventfd,
    SYS_epoll_create, SYS_getdents, SYS_alarm, SYS_time, SYS_arch_prctl, SYS_creat, SYS_utimes,
#endif
};
/* clang-format on */
#define COUNT(a) (sizeof(a) / sizeof *(a))
#define FILTER_MAX (COUNT(of_both) + COUNT(of_server) + 40)

struct filter {
    struct sock_filter f[2 * FILTER_MAX];
    unsigned short n;
};

static void add(struct filter *p, struct sock_filter f)
{
    MUST(p->n < COUNT(p->f));
    p->f[p->n++] = f;
}

#define LOAD(field) ((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (field)))
#define GIVE(what) ((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (what)))
#define IF_EQ(v, t, e) ((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (v), (t), (e)))
#define IF_GE(v, t, e) ((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (v), (t), (e)))
#define IF_SET(v, t, e) ((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (v), (t), (e)))
#define DENIED (SECCOMP_RET_ERRNO | EPERM)
#define X32 0x40000000 /* the other table of x86-64 */
#define NUMBER ((unsigned)offsetof(struct seccomp_data, nr))
#define ARGUMENT(i) ((unsigned)(offsetof(struct seccomp_data, args) + (i) * sizeof(uint64_t)))

static void allow(struct filter *p, const int *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        add(p, IF_EQ((unsigned)calls[i], 0, 1));
        add(p, GIVE(SECCOMP_RET_ALLOW));
    }
}

/* Unix, IP, and what glibc asks for its own addresses with. */
static void allow_families(struct filter *p)
{
    add(p, IF_EQ(SYS_socket, 0, 7));
    add(p, LOAD(ARGUMENT(0)));
    add(p, IF_EQ(AF_UNIX, 3, 0));
    add(p, IF_EQ(AF_INET, 2, 0));
    add(p, IF_EQ(AF_INET6, 1, 0));
    add(p, IF_EQ(AF_NETLINK, 0, 1));
    add(p, GIVE(SECCOMP_RET_ALLOW));
    add(p, GIVE(DENIED));
}

/* A thread of ours, no process, no namespace. */
static void allow_threads(struct filter *p)
{
    add(p, IF_EQ(SYS_clone3, 0, 1));
    add(p, GIVE(SECCOMP_RET_ERRNO | ENOSYS));
    add(p, IF_EQ(SYS_clone, 0, 4));
    add(p, LOAD(ARGUMENT(0)));
    add(p, IF_SET(CLONE_THREAD, 0, 1));
    add(p, GIVE(SECCOMP_RET_ALLOW));
    add(p, GIVE(DENIED));
}

static void fill(struct filter *p, enum guard_program program)
{
    add(p, LOAD((unsigned)offsetof(struct seccomp_data, arch)));
    add(p, IF_EQ(ARCH, 1, 0));
    add(p, GIVE(SECCOMP_RET_KILL_PROCESS));
    add(p, LOAD(NUMBER));
    add(p, IF_GE(X32, 0, 1));
    add(p, GIVE(DENIED));
    allow(p, of_both, COUNT(of_both));
    if (program == GUARD_SERVER) {
        allow(p, of_server, COUNT(of_server));
        allow_families(p);
        allow_threads(p);
    }
    add(p, GIVE(DENIED));
}

enum guard_got guard_seccomp(enum guard_program program)
{
    static struct filter p;
    if (ARCH == 0 || (prctl(PR_GET_SECCOMP) < 0 && errno == EINVAL))
        return GUARD_ABSENT;
    p.n = 0;
    fill(&p, program);
    const struct sock_fprog whole = {.len = p.n, .filter = p.f};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole, 0, 0) == 0)
        return GUARD_ON;
    return errno == EINVAL || errno == ENOSYS ? GUARD_ABSENT : GUARD_REFUSED;
}
