/*
 * onestop.h - dossiers at the counter and online (một cửa, dịch vụ công trực tuyến).
 *
 * A person sends a request; the counter takes it in (code, receipt, due instant by law), the
 * specialist of the deciding unit checks and drafts, the leader approves and signs, the counter
 * returns the result. States and moves: administrative-procedures.md 6.2; whatever is not in the
 * table is refused with the reason. Every move checks state, right and version, writes its event
 * and its notice in one transaction. Four units stand apart: where help was given, where it was
 * received, which decides, which returns. Law: NĐ 118/2025, NĐ 61/2018 art. 14-20, TT 03/2025.
 */
#pragma once
#include "base/base.h"
#include "file/file.h"
#include "form/form.h"
#include "identity/identity.h"
#include "procedure/procedure.h"
#include "web/web.h"

enum dossier_state {
    DOSSIER_WAITING = 1,      /* chờ tiếp nhận              DVCQG 1 */
    DOSSIER_SUPPLEMENT_FIRST, /* bổ sung trước tiếp nhận    5 */
    DOSSIER_REFUSED,          /* không được tiếp nhận       3 */
    DOSSIER_ACCEPTED,         /* được tiếp nhận             2 */
    DOSSIER_PROCESSING,       /* đang xử lý                 4 */
    DOSSIER_SUPPLEMENT,       /* yêu cầu bổ sung            5 */
    DOSSIER_PAYMENT,          /* chờ nghĩa vụ tài chính     6 */
    DOSSIER_STOPPED,          /* dừng xử lý                 8 */
    DOSSIER_WITHDRAWN,        /* công dân rút               7 */
    DOSSIER_RELEASED,         /* đã xử lý xong              9 */
    DOSSIER_RETURNED,         /* đã trả kết quả             10 */
    DOSSIER_CANCELLED,        /* đã hủy: quá hạn bổ sung    3 */
};
enum dossier_move {
    MOVE_SEND = 1,
    MOVE_ASK_FIRST,
    MOVE_ANSWER_FIRST,
    MOVE_EXPIRE,
    MOVE_REFUSE,
    MOVE_ACCEPT,
    MOVE_HAND_OVER,
    MOVE_ASK,
    MOVE_ANSWER,
    MOVE_ASK_PAYMENT,
    MOVE_PAID,
    MOVE_SUBMIT,
    MOVE_SEND_BACK,
    MOVE_SIGN,
    MOVE_REJECT,
    MOVE_RELEASE,
    MOVE_STOP,
    MOVE_RESUME,
    MOVE_WITHDRAW,
    MOVE_RETURN,
    MOVE_FETCH,
    MOVE_CORRECT,
    MOVE_EXTEND,
    MOVE_PASS, /* a step that only confirms */
};
struct state_info {
    enum dossier_state state;
    const char *name, *title, *public_words;
    int dvcqg;
    bool clock_runs, ended;
};
const struct state_info *onestop_state(enum dossier_state s);
/* Withdrawn, refused, cancelled: it ended without a result. */
bool onestop_given_up(enum dossier_state s);

extern const struct right onestop_file;    /* nộp và theo dõi hồ sơ của mình */
extern const struct right onestop_intake;  /* tiếp nhận, trả kết quả tại quầy */
extern const struct right onestop_process; /* thẩm tra, soạn kết quả */
extern const struct right onestop_sign;    /* phê duyệt, ký; asks for the password again */
extern const struct right onestop_watch;   /* xem hồ sơ của đơn vị */
extern const struct right onestop_book;    /* xem sổ cấp số kết quả */

extern const struct right onestop_lead; /* phụ trách bộ phận một cửa: hears of silence and delay */
extern const struct right onestop_export; /* tên người trong tệp xuất; ai không có thì bị che */

enum channel { CHANNEL_COUNTER = 1, CHANNEL_ONLINE, CHANNEL_POST };
enum subject_role { ACTS_FOR_SELF = 1, ACTS_FOR_CHILD, ACTS_FOR_OTHER };

struct dossier {
    int64_t id, version;
    struct str request_code; /* what the person keeps before acceptance: "YC-7F3K-92QD-M4" */
    struct str code;         /* "H37.114-261109-0007"; empty before acceptance */
    struct str track_token;  /* of the QR: random, not the code */
    int64_t procedure_version, opening, form_version;
    struct str procedure_code, procedure_name;
    enum dossier_state state;
    enum channel channel;
    int64_t account;            /* 0: walk-in without one */
    int64_t submitter, subject; /* persons */
    enum subject_role acts;
    struct str acts_words; /* "Cha", "Mẹ", ... */
    int64_t subject_key;   /* vault subject of `subject`: seals form data */
    int64_t owner_key;     /* vault subject of the submitter: seals files */
    int64_t helping_unit, receiving_unit, competent_unit, returning_unit;
    int64_t sent_at, accepted_at, clock_from, due_at, due_shown_at, original_due_at, released_at,
        returned_at;
    int step;            /* index into procedure steps while PROCESSING */
    int64_t assignee;    /* account; 0: whoever has the right at the unit */
    struct str delivery; /* "quay", "dien_tu", "buu_chinh" */
    int64_t fee_dong;
    int64_t apologised_at;                   /* form 04 was sent; 0 no */
    struct str submitter_name, subject_name; /* opened on reading */
    int64_t unit;                            /* in whose hands it is */
    struct str unit_path, area_path, receiving_path, competent_path;
};

/* ---- the person ---- */
struct dossier_paper {
    struct str component;
    struct web_upload *upload; /* a new file, or NULL */
    int64_t file;              /* or one stored before, of the same person */
    bool shown;                /* seen at the counter, not kept */
    int originals, copies;
};
struct dossier_new {
    struct str procedure_code, form_json, delivery;
    int64_t receiving_unit; /* chosen commune centre */
    enum channel channel;
    int64_t submitter; /* person */
    int64_t account;
    bool incomplete; /* at the counter: a supplement or refusal follows, papers may lack */
    const struct dossier_paper *papers;
    size_t papers_n;
    /* What onestop_make_ready put; without it sending does that itself. */
    const struct json *form;
    int64_t form_of; /* procedure version by which the child was read */
    struct person child;
};
/* What of sending needs no WRITE: the form read, whom it is about. ERR_INVALID: it is no form. */
enum err onestop_make_ready(struct cx *cx, const struct procedure *p, struct dossier_new *n);
/* WRITE. Checks the form again, makes the subject, stores papers; MOVE_SEND. */
enum err onestop_send(struct cx *cx, const struct dossier_new *n, struct dossier *out);
enum err onestop_answer(struct cx *cx, struct dossier *d, struct str note,
                        const struct dossier_paper *papers, size_t n);
enum err onestop_withdraw(struct cx *cx, struct dossier *d, struct str reason);
enum err onestop_rate(struct cx *cx, struct dossier *d, int grade /* 1..3 */, struct str words);

/* ---- the counter ---- */
/* Takes in: code of the unit and day, receipt form 01, due instant, fee; hands over at once when
 * the deciding unit differs. */
enum err onestop_accept(struct cx *cx, struct dossier *d, struct str note);
enum err onestop_refuse(struct cx *cx, struct dossier *d, struct str reason,
                        struct str basis); /* form 03 */
/* Before or after acceptance, by state; one complete list. Form 02; the clock stops. */
struct supplement_item {
    struct str component, what;
};
enum err onestop_ask(struct cx *cx, struct dossier *d, struct str reason,
                     const struct supplement_item *items, size_t n);
enum err onestop_take_fee(struct cx *cx, struct dossier *d,
                          int64_t *receipt); /* cash; number of the year */
enum err onestop_hand_over(struct cx *cx, struct dossier *d);
struct handed {
    struct str to_name, to_id_no, evidence;
};
enum err onestop_return(struct cx *cx, struct dossier *d, const struct handed *h);

/* ---- the deciding unit ---- */
enum err onestop_take(struct cx *cx, struct dossier *d); /* "nhận xử lý": I am the assignee */
enum err onestop_draft(struct cx *cx, struct dossier *d, struct str data_json,
                       struct str proposal);               /* saves the draft */
enum err onestop_submit(struct cx *cx, struct dossier *d); /* to the leader */
enum err onestop_send_back(struct cx *cx, struct dossier *d, struct str reason);
/* Reserves the number and asks for the signature (decision 15); a job renders, signs, attaches. */
enum err onestop_sign_result(struct cx *cx, struct dossier *d);
enum err onestop_reject(struct cx *cx, struct dossier *d, struct str reason,
                        struct str basis); /* không giải quyết: a negative result, signed */
enum err onestop_stop(struct cx *cx, struct dossier *d, struct str reason,
                      struct str basis); /* form 05 */
enum err onestop_resume(struct cx *cx, struct dossier *d, struct str reason);
/* A step of the procedure that confirms with a note and passes on; the last one ends the way. */
enum err onestop_pass(struct cx *cx, struct dossier *d, struct str words);
/* A financial obligation: the clock stops until the counter has it paid, in cash with the next
 * number of its receipts (*receipt), or by the paper of whoever took it (*receipt 0). */
enum err onestop_ask_payment(struct cx *cx, struct dossier *d, int64_t amount_dong,
                             struct str reason, struct str basis);
enum err onestop_paid(struct cx *cx, struct dossier *d, bool cash, struct str evidence,
                      int64_t *receipt);
/* A returned result is to be mended: a new draft linked to it; the old one is never edited. */
enum err onestop_correct(struct cx *cx, struct dossier *d, struct str reason);
/* Apology and a new date, once, before the due instant (form 04). */
enum err onestop_extend(struct cx *cx, struct dossier *d, int64_t new_due_day, struct str reason);

/* ---- reading; every one applies cx->scope ---- */
enum err onestop_find(struct cx *cx, int64_t id, struct dossier *out);
enum err onestop_by_code(struct cx *cx, struct str code_or_request, struct dossier *out);
/* By the QR's token or code, without scope: progress only. */
struct progress {
    struct str code, procedure_name, unit_name;
    enum dossier_state state;
    int64_t accepted_at, due_at, released_at;
    int done, of;
};
enum err onestop_progress(struct cx *cx, struct str code_or_token, struct progress *out);

enum due_class {
    DUE_NONE = 0,
    DUE_OPEN,
    DUE_SOON,
    DUE_LATE,
    DUE_PAUSED,
    DUE_DONE_IN_TIME,
    DUE_DONE_LATE
};
enum due_class onestop_due_class(const struct dossier *d, int64_t now);

struct inbox_row {
    struct dossier d;
    struct str person_name, unit_name, step_title, assignee_name;
    enum due_class due;
    int need;          /* of the work in hand: enum desk_need */
    int64_t answer_by; /* of what waits to be taken in (officers' lists); 0 none */
};
enum err onestop_mine(struct cx *cx, struct inbox_row *out, size_t max,
                      size_t *n); /* a citizen's */

struct paper {
    int64_t id;
    struct str component, name, state, file_name, mime;
    int64_t file, size_bytes, added_at;
    int originals, copies;
    enum file_state file_state;
};
enum err onestop_papers(struct cx *cx, const struct dossier *d, struct paper *out, size_t max,
                        size_t *n);
enum err onestop_form_data(struct cx *cx, const struct dossier *d,
                           const struct json **out); /* read event for others' */
struct supplement {
    int64_t id;
    struct str no, reason;
    int64_t asked_at, answered_at, answer_by, asked_by; /* asked_by: account */
    struct supplement_item items[32];
    size_t items_n;
};
enum err onestop_supplements(struct cx *cx, const struct dossier *d, struct supplement *out,
                             size_t max, size_t *n);
struct moment {
    int64_t at;
    struct str title, who, unit, note, document_path, document_name;
    bool machine;
};
enum err onestop_timeline(struct cx *cx, const struct dossier *d, struct moment *out, size_t max,
                          size_t *n); /* newest first */
/* The clock as people see it: one cell a calendar day from start to due. */
struct clock_day {
    int64_t day;
    bool counted, rest, paused, today, due;
    int number;
    struct str note;
};
enum err onestop_clock(struct cx *cx, const struct dossier *d, struct clock_day *out, size_t max,
                       size_t *n);
struct result_view {
    int64_t id, version;
    struct str state; /* "du_thao","trinh","da_duyet","da_ky","huy" */
    struct str number, data_json, proposal, verify_code, sha256_hex, signer_name, send_back_reason;
    int64_t signed_at, file;
    bool negative;
};
enum err onestop_result(struct cx *cx, const struct dossier *d,
                        struct result_view *out); /* ERR_NOT_FOUND: none yet */
/* Forms 01..05 of this dossier that exist: PDF made on demand from stored rows. */
enum err onestop_form_pdf(struct cx *cx, const struct dossier *d, int form_no, int64_t row,
                          struct str *pdf);
/* A preview of the draft: exactly the bytes that will be signed, but for number and signature. */
enum err onestop_draft_pdf(struct cx *cx, const struct dossier *d, struct str *pdf);
/* May this actor do this move now? why: the sentence when not. */
bool onestop_may(struct cx *cx, const struct dossier *d, enum dossier_move m, struct str *why);

/* Public check of a signed result by its verify code. */
struct verified {
    struct str verdict;     /* "hop_le","thu_hoi","khong_co" */
    struct str replaced_by; /* number of the result that replaced it, when "thu_hoi" */
    struct str document, number, unit_name, signer_name, sha256_hex, holder_masked;
    int64_t signed_at;
    int64_t position;
};
enum err onestop_verify(struct cx *cx, struct str verify_code, struct verified *out);

/* ---- what is counted: ids, states and instants, nothing personal; not scoped ---- */
struct dossier_facts {
    int64_t id, procedure_version, opening, competent_unit;
    struct str procedure_code, receiving_path, competent_path;
    enum dossier_state state;
    enum channel channel;
    int64_t accepted_at, due_at, released_at, returned_at;
    int64_t given_up_at; /* withdrawn, refused, cancelled; 0 not */
};
enum err onestop_facts(struct cx *cx, int64_t id, struct dossier_facts *out); /* ERR_NOT_FOUND */
/* All of them by id, after this one. */
enum err onestop_facts_after(struct cx *cx, int64_t after, struct dossier_facts *out, size_t max,
                             size_t *n);
/* How many codes "thu-tuc" of a list's address may name. */
#define ONESTOP_CODES_MAX 40
/* As it stood just before a past instant, as events and rows tell: the state that its events had
 * led to, and its due instant from what had been paused, put off and corrected by then (by the
 * calendar as it is known now). */
struct dossier_past {
    enum dossier_state state;
    int64_t due_at;
    enum due_class due;
};
enum err onestop_stood(struct cx *cx, int64_t dossier, int64_t before,
                       struct dossier_past *out); /* ERR_NOT_FOUND */

struct module;
extern const struct module onestop_module;
