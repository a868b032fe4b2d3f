/* setup_store.h - rows of what is brought in. */
#pragma once
#include "setup.h"

struct import_record {
    int64_t id, version, file, made_at, made_by, unit, wanted, applied;
    struct str kind, state; /* "don-vi" "can-bo"; "cho" "dang-nhap" "xong" */
};
enum err setup_store_import_add(struct cx *cx, struct import_record *r); /* sets id, version */
/* Own ones only: who brought it in reads it. ERR_NOT_FOUND. */
enum err setup_store_import_find(struct cx *cx, int64_t id, struct import_record *out);
/* ERR_CONFLICT: it has gone on meanwhile. */
enum err setup_store_import_move(struct cx *cx, struct import_record *r, struct str state,
                                 int64_t wanted);
enum err setup_store_import_applied(struct cx *cx, int64_t id, int64_t applied);

/* Until which instant heads of the journal went to the witness; 0: none did. */
enum err setup_store_witness(struct cx *cx, int64_t *sent_at);
enum err setup_store_witness_sent(struct cx *cx, int64_t sent_at);

/* Sealed; empty: never stated. */
enum err setup_store_setting(struct cx *cx, struct str name, struct str *sealed);
enum err setup_store_setting_put(struct cx *cx, struct str name, struct str sealed);
