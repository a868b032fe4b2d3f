/* setup_pages.h - routes, and what pages and jobs share. */
#pragma once
#include "setup_import.h"

extern const struct route setup_routes[];
web_handler setup_show_start, setup_show_upload, setup_check_upload, setup_upload,
    setup_show_import, setup_check_bring_in, setup_bring_in, setup_check_links, setup_make_links,
    setup_mail_links, setup_get_template, setup_show_settings, setup_check_settings,
    setup_save_settings, setup_try_mail;
web_handler setup_show_tls, setup_check_tls, setup_bring_tls, setup_back_tls, setup_show_ask,
    setup_check_ask, setup_ask_tls, setup_get_ask;

/* The sheet of a record, judged. In SLOW or WRITE. */
enum err setup_load_sheet(struct cx *cx, const struct import_record *r, struct import_sheet *out);
