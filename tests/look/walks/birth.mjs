// birth.mjs - the whole walk of one procedure: filed online, accepted, drafted, signed, returned, rated, verified.
import { enter, sections, papers } from '../people.mjs';

export const steps = [
  { as: 'citizen', go: '/', see: 'Bạn cần làm thủ tục gì?', shot: 'home', picture: 'home' },
  { fill: { q: 'dang ky khai sinh' }, click: 'Tìm', see: 'Thủ tục đăng ký khai sinh' }, { shot: 'results' },
  { click: 'Thủ tục đăng ký khai sinh', see: 'Bạn cần chuẩn bị', shot: 'procedure' },
  { click: 'Bắt đầu nộp hồ sơ', see: 'Tài khoản thử', shot: 'sign-in' },
  { fill: { tai_khoan: '020192999101', mat_khau: 'tinhso-2026' }, click: 'Đăng nhập', at: '/khai/1$', shot: 'section-1' },
  { click: 'Tiếp tục', see: 'cần sửa', shot: 'section-1-wrong' },
  ...sections({ shots: true }),
  ...papers({ shots: true }),
  { see: 'Kiểm tra trước khi gửi', shot: 'check' },
  { click: 'Gửi hồ sơ', see: 'cần sửa', shot: 'check-wrong' },
  { choose: { noi_nop: 'Kỳ Lừa', tra: 'Cả bản giấy' }, tick: 'cam_doan', click: 'Gửi hồ sơ' },
  { at: '/da-gui$', shot: 'sent', keep: { name: 'request', selector: '.code-big' } },
  { click: 'Theo dõi hồ sơ', see: 'Hồ sơ đã đi qua đâu', shot: 'status-waiting' },

  ...enter('clerk', 'motcua.kylua'),
  { go: '/viec', see: 'Việc của tôi', shot: 'inbox' },
  { go: '/viec/{request}', see: 'Việc của bạn', shot: 'work-waiting' },
  { click: 'Giấy chứng sinh' }, { shot: 'work-paper' },
  { click: 'Tiếp nhận…', see: 'Ba việc phải kiểm tra', shot: 'accept' },
  { click: 'Tiếp nhận', see: 'Đã tiếp nhận, mã hồ sơ', shot: 'work-accepted' },
  { keep: { name: 'code', selector: 'main .code' } },

  ...enter('registrar', 'hotich.kylua'),
  { go: '/viec', see: '{code}', shot: 'inbox-registrar' },
  { go: '/viec?xep=nguoi-giu', see: 'Nhóm: Người giữ', shot: 'inbox-grouped' },
  { go: '/viec/{code}', see: 'Nhận xử lý…' },
  { click: 'Nhận xử lý…' }, { shot: 'take' }, { click: 'Nhận xử lý', see: 'Đã nhận xử lý' }, { shot: 'work-drafting' },
  { click: 'Lưu dự thảo', see: 'Trình duyệt…' }, { shot: 'work-drafted' },
  { click: 'Trình duyệt…' }, { click: 'Trình duyệt', see: 'Đã trình duyệt' }, { shot: 'work-submitted' },

  ...enter('chair', 'chutich.kylua'),
  { go: '/xac-nhan-lai', see: 'Xác nhận lại mật khẩu', shot: 'step-up' },
  { go: '/viec?xep=buoc', see: 'Chờ phê duyệt, ký', shot: 'inbox-to-sign' },
  { go: '/viec/{code}', see: 'Phê duyệt và ký…', shot: 'work-to-sign', picture: 'sign' },
  { click: 'Phê duyệt và ký…' }, { shot: 'sign' },
  { click: 'Phê duyệt và ký', see: 'Đã duyệt' }, { see: 'Không còn hồ sơ nào trong danh sách này', shot: 'sign-next' },
  { soon: 'Kết quả đã ký (PDF)' }, { shot: 'work-signed' },

  { as: 'citizen', go: '/ho-so', see: '{code}', shot: 'mine' },
  { go: '/ho-so/{request}', see: 'Đã có', shot: 'status-released', picture: 'status', keep: { name: 'verify', selector: 'a[href^="/xac-minh/"]', attribute: 'href' } },
  { loads: '/ho-so/{request}/ket-qua' }, { loads: '/ho-so/{request}/mau/1' },
  { click: 'Xác nhận đã nhận kết quả', see: 'Đã ghi nhận' },
  { choose: { muc: 'Rất hài lòng' }, click: 'Gửi đánh giá', see: 'Cảm ơn bạn' }, { shot: 'status-returned' },
  { go: '/tai-khoan/ai-da-doc', see: 'Ai đã xem', shot: 'reads' },

  { as: 'visitor', go: '{verify}', see: 'hợp lệ', shot: 'verify' },
  { go: '/xac-minh?ma=XXXXXXXXXXXX', see: 'Không có văn bản', shot: 'verify-unknown' },
  { go: '/tra-cuu?ma={code}', see: 'tiến độ', shot: 'track' },
];
