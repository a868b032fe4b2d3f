// asks.mjs - what does not go straight: supplement, refusal, stop, withdrawal; and what errors look like.
import { enter, papers, sections } from '../people.mjs';

const file = (n) => [
  { as: 'citizen', go: '/nop-ho-so/1.001193' },
  ...sections(), ...papers(),
  { choose: { noi_nop: 'Kỳ Lừa', tra: 'Bản điện tử' }, tick: 'cam_doan', click: 'Gửi hồ sơ' },
  { at: '/da-gui$', keep: { name: `request${n}`, selector: '.code-big' } },
];

export const steps = [
  ...enter('citizen', '020090999102'), // drafts are by account: the walk of a birth has its own
  ...file(1),
  ...enter('clerk', 'motcua.kylua'),
  { go: '/viec/{request1}/mot-cua/bo-sung', see: 'Nêu đủ một lần', shot: 'ask' },
  { click: 'Gửi yêu cầu', see: 'cần sửa', shot: 'ask-wrong' },
  {
    choose: { bo_sung: 'Giấy chứng sinh' }, fill: { 'noi_dung.000.00.00.G15-KQ004389': 'Ảnh mờ, không đọc được số', ly_do: 'Chụp lại Giấy chứng sinh cho rõ, đủ bốn góc.' },
    click: 'Gửi yêu cầu', see: 'Đã gửi yêu cầu bổ sung',
  },
  { as: 'citizen', go: '/ho-so/{request1}', see: 'Bạn cần bổ sung 1 giấy tờ', shot: 'status-asked' },
  { loads: '/ho-so/{request1}/mau/2' },
  { click: 'Bổ sung ngay', see: 'Bổ sung giấy tờ', shot: 'answer' },
  { click: 'Gửi bổ sung', see: 'Thêm giấy tờ còn thiếu', shot: 'answer-wrong' },
  { upload: { 'giay_to.000.00.00.G15-KQ004389': 'giay-chung-sinh.jpg' }, click: 'Gửi bổ sung', see: 'Đã gửi bổ sung' },
  { click: 'Rút hồ sơ', see: 'Giữ lại', shot: 'withdraw' },
  { fill: { ly_do: 'Nộp nhầm' }, click: 'Rút hồ sơ', see: 'Bạn đã rút hồ sơ', shot: 'status-withdrawn' },

  ...file(2),
  { as: 'clerk', go: '/viec/{request2}/mot-cua/tu-choi', see: 'mẫu 03', shot: 'refuse' },
  { fill: { ly_do: 'Trẻ đã được đăng ký khai sinh tại phường Tam Thanh.', can_cu: 'khoản 2 Điều 16 Luật Hộ tịch' }, click: 'Từ chối tiếp nhận', see: 'Đã từ chối' },
  { as: 'citizen', go: '/ho-so/{request2}', see: 'không được tiếp nhận', shot: 'status-refused' },

  ...file(3),
  { as: 'clerk', go: '/viec/{request3}/mot-cua/tiep-nhan', click: 'Tiếp nhận', see: 'mã hồ sơ' }, { keep: { name: 'code3', selector: 'main .code' } },
  ...enter('chair', 'chutich.kylua'),
  { go: '/viec/{code3}/ky/hen-lai', see: 'Chỉ hẹn lại một lần', shot: 'extend' },
  { click: 'Gửi lời xin lỗi', see: 'cần sửa', shot: 'extend-wrong' },
  { go: '/viec/{code3}/ky/dung', see: 'mẫu 05', shot: 'stop' },
  { fill: { ly_do: 'Chờ xác minh nơi sinh.', can_cu: 'Văn bản 12/BV-KHTH' }, click: 'Dừng giải quyết', see: 'Đã dừng' },
  { as: 'citizen', go: '/ho-so/{code3}', see: 'tạm dừng', shot: 'status-stopped' },

  { go: '/nop-ho-so/1.001193/khai/2', fill: { ho_ten_nguoi_duoc_khai_sinh: 'Nông Thị Ẳng' }, click: 'Lưu, làm sau', see: 'bản nháp', shot: 'drafts' },
  { go: '/nop-ho-so/1.001193/giay-to', click: 'Tiếp tục', see: 'chỗ cần sửa', shot: 'papers-wrong' },

  { as: 'visitor', go: '/khong-co-trang-nay', status: 404, shot: 'error-404' },
  { go: '/tra-cuu?ma=H37.114-261109-9999', see: 'Không tìm thấy', shot: 'track-unknown' },
  { go: '/tim?q=zzzz', see: 'Không tìm thấy', shot: 'results-none' },
  { as: 'citizen', go: '/viec', status: 403, shot: 'error-403' },
];
