/* verbs.c - the table of verbs and the help of each. */
#include "app.h"

/* clang-format off */
const struct app_verb app_verbs[] = {
    {"serve",   "phục vụ trang web và giao diện lập trình",
     "tinhso serve [--data THƯ_MỤC] [--listen ĐỊA_CHỈ]... [--database URL] [--single]\n\n"
     "ĐỊA_CHỈ: 127.0.0.1:8080, [::1]:8080, unix:/run/tinhso/http.sock, fd:3. Có thể nhắc lại --listen.\n"
     "SIGTERM: trả lời xong rồi dừng. SIGHUP: đọc lại chứng thư TLS, mở lại nhật ký truy cập. --single: không có tiến trình giám sát.\n"
     "Bản thử (tinhso demo) chỉ nghe địa chỉ của chính máy này.", APP_NOTHING, verb_serve, false},
    {"keyd",    "tiến trình giữ khóa ký: máy chủ nhờ ký, không cầm khóa",
     "tinhso keyd [--keys THƯ_MỤC] [--listen unix:/run/tinhso/keyd.sock | fd:3] [--set keyd.user=tinhso]\n\n"
     "Chạy dưới người dùng riêng; chỉ người dùng keyd.user (và root) nhờ ký được. THƯ_MỤC có sign.key, thiếu thì tạo.\n"
     "Máy chủ tìm nó ở keyd.socket trong tinhso.conf; không đặt thì tinhso serve tự chạy một tiến trình con.\n"
     "keyd.rate: số chữ ký mỗi giây cho mỗi loại khóa (100). Mỗi chữ ký là một dòng nhật ký.", APP_NOTHING, verb_keyd, false},
    {"init",    "tạo thư mục dữ liệu: khóa, cơ sở dữ liệu, gói dữ liệu chung",
     "tinhso init [--data THƯ_MỤC] [--database URL]\n"
     "            [--province \"Tỉnh Lạng Sơn\" --area 20 --code H37 --admin TÊN_ĐĂNG_NHẬP --name \"HỌ TÊN\"]\n\n"
     "--area: mã của tỉnh trong danh mục địa bàn; --code: mã của Ủy ban nhân dân tỉnh. Ở bàn phím thì lệnh hỏi từng\n"
     "mục còn thiếu. In ra một đường dẫn dùng một lần trong 72 giờ: người quản trị mở để đặt mật khẩu.\n"
     "Không nêu tỉnh: chỉ tạo thư mục dữ liệu, nạp gói sau.", APP_NOTHING, verb_init, false},
    {"demo",    "như init, thêm tỉnh Lạng Sơn, người và hồ sơ bịa để chạy thử",
     "tinhso demo [--data THƯ_MỤC] [--database URL] [--empty]\n\n--empty: không có hồ sơ mẫu.", APP_NOTHING, verb_demo, false},
    {"pack",    "gói dữ liệu: nạp, liệt kê, so với bản đã nạp",
     "tinhso pack load THƯ_MỤC|TÊN\ntinhso pack load TỆP[.gz] --kind LOẠI\ntinhso pack list\ntinhso pack diff THƯ_MỤC|TÊN\n\n"
     "TÊN là gói có sẵn trong chương trình: quoc-gia, roles, lang-son.", APP_WRITES, verb_pack, false},
    {"account", "người dùng đầu tiên, khi chưa ai đăng nhập được để giao vai trò",
     "tinhso account add TÊN_ĐĂNG_NHẬP --name \"HỌ TÊN\" --role quan_tri --unit H37\n\n"
     "Mật khẩu đọc từ dòng đầu của đầu vào chuẩn. Sau đó giao vai trò ở /quan-tri/nguoi-dung.", APP_WRITES, verb_account, false},
    {"rebuild", "làm lại các bảng suy ra (tìm kiếm, bảng số liệu) từ hồ sơ và nhật ký",
     "tinhso rebuild [MÔ_ĐUN]...", APP_WRITES, verb_rebuild, false},
    {"jobs",    "việc nền dừng hẳn sau nhiều lần hỏng: xem, chạy lại",
     "tinhso jobs\ntinhso jobs retry SỐ\n\n"
     "Việc nền hỏng ba lần liền hoặc hết số lần thử thì dừng hẳn, việc khác vẫn chạy. Sửa nguyên nhân rồi chạy lại.", APP_WRITES, verb_jobs, false},
    {"key",     "khóa chủ: xem, đổi sang khóa mới trong khi vẫn phục vụ",
     "tinhso key\ntinhso key rotate\n\n"
     "rotate: tạo keys/master-2.key (rồi -3, ...), bọc lại khóa của mọi người bằng khóa mới, cho khóa cũ nghỉ khi không còn\n"
     "bọc khóa nào. Bị ngắt giữa chừng thì chạy lại, lệnh làm nốt. Nhiều máy chủ: lệnh nói khi nào cần chép tệp khóa mới sang\n"
     "máy khác. Bản chép làm trước khi đổi cần khóa cũ: cất khóa cũ cùng nơi cất khóa.\n"
     "Thiết đặt: doctor.key.days (730), tinhso doctor nhắc đổi khi khóa cũ hơn.", APP_WRITES, verb_key, false},
    {"backup",  "chép trọn cơ sở dữ liệu và tệp tại một thời điểm",
     "tinhso backup THƯ_MỤC_MỚI [--with-keys]\n\n"
     "Khóa chủ (keys/) không nằm trong bản chép: cất riêng. Không có khóa thì bản chép không mở được.\n"
     "--with-keys: chép cả khóa, khi bản chép được cất như cất khóa.", APP_WRITES, verb_backup, false},
    {"restore", "dựng lại thư mục dữ liệu từ một bản chép; dữ liệu đã xóa theo quyết định được xóa lại",
     "tinhso restore BẢN_CHÉP --data THƯ_MỤC [--keys THƯ_MỤC_KHÓA] [--database postgresql://…] [--force]\n\n"
     "PostgreSQL: dựng vào một cơ sở dữ liệu trống. --force: thay dữ liệu SQLite đang có; dữ liệu cũ nằm ở\n"
     "THƯ_MỤC/before-restore. Bị ngắt giữa chừng thì dữ liệu cũ còn nguyên, hoặc lần mở sau làm nốt.", APP_NOTHING, verb_restore, false},
    {"verify",  "kiểm nhật ký: không dòng nào bị sửa, bỏ, chèn",
     "tinhso verify [--head TỆP_NHÂN_CHỨNG] [--quick]\n\n"
     "Mã thoát 0: đúng; 65: sai, câu đầu nói dòng sai đầu tiên.", APP_READS, verb_verify, false},
    {"sql",     "hỏi cơ sở dữ liệu, chỉ đọc",
     "tinhso sql \"select ...\"", APP_READS, verb_sql, false},
    {"routes",  "mọi địa chỉ, quyền và làn của nó", "tinhso routes", APP_NOTHING, verb_routes, false},
    {"modules", "các hệ thống trong chương trình, và những gì mỗi hệ thống mang đến", "tinhso modules", APP_NOTHING, verb_modules, false},
    {"doctor",  "khám: điều gì hỏng, điều gì còn thiếu để phục vụ thật, và cách sửa từng điều",
     "tinhso doctor [--json]\n\n"
     "Mã thoát 0: phục vụ thật được; 78: chạy được nhưng còn thiếu; 69: có điều hỏng.\n"
     "--json: một đối tượng {\"ready\", \"broken\", \"missing\", \"notes\", \"findings\": [{\"name\", \"state\", \"what\", \"detail\", \"mend\"}]};\n"
     "state: good, note, missing, broken. Thiết đặt: doctor.backup.days (7).", APP_WRITES, verb_doctor, false},
    {"network", "những địa chỉ máy chủ được gọi, thành danh sách của systemd",
     "tinhso network > /etc/systemd/system/tinhso.service.d/network.conf\n\n"
     "Cơ sở dữ liệu ở máy khác, máy chủ thư (kể cả đặt ở trang Thiết đặt), máy chủ tên miền khi có nơi ghi bằng tên;\n"
     "mọi địa chỉ khác bị chặn. Người dân vào qua tinhso.socket nên không bị chặn. Mã thoát 68: có tên không ra địa chỉ.", APP_WRITES, verb_network, false},
    {"json",    "kiểm một tệp JSON theo bộ đọc của chương trình",
     "tinhso json check TỆP\n\nMã thoát 0: đúng; 65: sai, kèm dòng và cột.", APP_NOTHING, verb_json, false},
    {"due",     "tính thời hạn: hẹn trả lúc nào, theo lịch làm việc",
     "tinhso due --from 2026-04-22T09:00 --days 3 | --hours N | --months N | --years N\n"
     "           [--unit working|calendar] [--mode day|hour] [--cutoff 15:00] [--pause TỪ/ĐẾN]...\n"
     "           [--policy reset|continue] [--calendar TỆP] [--json] [--explain]\n\n"
     "Không nói gì: --mode day (--hours luôn đếm theo giờ), --unit working, --policy reset.\n"
     "--days 2.5: nửa ngày; --days 0: ngay trong ngày. --pause 2026-10-07T10:00/ : còn đang dừng.\n"
     "--cutoff: nhận sau giờ ấy hoặc vào ngày nghỉ thì như nhận lúc mở cửa ngày làm việc kế tiếp.\n"
     "Không có --calendar: lịch của cả nước có sẵn, 07:30–11:30 và 13:30–17:30. TỆP có thể chỉ ghi ngày\n"
     "(\"days\") hoặc chỉ ghi buổi (\"sessions\"); phần không ghi và năm không có theo lịch cả nước.", APP_NOTHING, verb_due, true},
    {"identifier", "kiểm tra số định danh, mã số thuế, số điện thoại, ...",
     "tinhso identifier dinh-danh|ma-so-thue|bhxh|bhyt|dien-thoai|bien-so|thua-dat|ho-so-luu-tru < TỆP\n\n"
     "Mỗi dòng của đầu vào một số; mỗi dòng trả lời: loại, số đã chuẩn hóa, lời giải thích, cách nhau bằng tab.\n"
     "Mã thoát 0: đúng cả; 65: có số sai.", APP_NOTHING, verb_identifier, false},
    {"version", "phiên bản", "tinhso version", APP_NOTHING, verb_version, false},
    {0},
};
/* clang-format on */

const struct app_verb *app_verb_find(const char *name)
{
    for (const struct app_verb *v = app_verbs; v->name; v++)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}
