/*
 * setup.h - from an empty installation to the first dossier (bắt đầu, thiết đặt).
 *
 * The province and its administrator are founded once, by `tinhso init`; the administrator enters
 * by a one-time link, brings units and officers in as spreadsheets, states mail and TLS, and sees
 * on one page what is done and what is missing. The same questions, asked of the machine too, are
 * what `tinhso doctor` answers.
 */
#pragma once
#include "base/base.h"
#include "identity/identity.h"

struct setup_founding {
    struct str province;    /* "Tỉnh Lạng Sơn", "Thành phố Huế" */
    struct str area;        /* code of the province in the list of areas: "20" */
    struct str code;        /* of its people's committee: "H37" */
    struct str login, name; /* of the first administrator */
};
/* ERR_INVALID: a name or code is missing or wrong. Needs no database. */
enum err setup_founding_check(struct cx *cx, const struct setup_founding *f);
/* WRITE. The root unit if it is not there, the administrator without a password, and the
 * link. ERR_INVALID as above; ERR_CONFLICT: the code of the area belongs to another province, or
 * the login is taken. */
enum err setup_found(struct cx *cx, const struct setup_founding *f, struct invite *link);

#define SETUP_ROLE S("quan_tri_he_thong")

/* Below the data folder: the certificate and key that the page of certificates put into use. */
#define SETUP_TLS_CHAIN "tls/current.pem"
#define SETUP_TLS_KEY SETUP_TLS_CHAIN /* both in one file */

extern const struct right setup_manage;
struct module;
extern const struct module setup_module;
