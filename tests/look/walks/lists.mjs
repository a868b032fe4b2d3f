// lists.mjs - officers' lists: several at once, hand-over lists, another agency asked, notes, an export followed to its file.
import { enter } from '../people.mjs';

const card = '020198000385||Vi Thị Hồng Nhung|14051998|Nữ|12 Bà Triệu, phường Kỳ Lừa, tỉnh Lạng Sơn|01072021';
const walk_in = [
  { go: '/quay', fill: { dinh_danh: card }, in: 'dinh_danh', press: 'Enter', see: 'Vi Thị Hồng Nhung' },
  {
    choose: { quan_he_voi_nguoi_duoc_khai_sinh: 'Mẹ', gioi_tinh: 'Nữ', dan_toc: 'Tày', de_nghi_cap_ban_sao: 'Không' },
    fill: {
      ho_ten_nguoi_duoc_khai_sinh: 'Lý Vi Ngọc Hân', 'ngay_sinh_nguoi_duoc_khai_sinh-ngay': '3', 'ngay_sinh_nguoi_duoc_khai_sinh-thang': '11',
      'ngay_sinh_nguoi_duoc_khai_sinh-nam': '2026', noi_sinh: 'Trạm y tế phường Kỳ Lừa', que_quan: 'Phường Kỳ Lừa, tỉnh Lạng Sơn', ho_ten_me: 'Vi Thị Hồng Nhung',
    },
    tick: 'Giấy chứng sinh',
  },
];

export const steps = [
  ...enter('clerk', 'motcua.kylua'),
  ...walk_in,
  { click: 'Tiếp nhận và in giấy hẹn' }, { at: '^/quay/xong/', keep: { name: 'code', selector: '.code-big' } },
  { go: '/viec', see: 'Việc của tôi', shot: 'list-inbox' },
  { go: '/viec?q=khong+co+ai+ca', see: 'Không có dòng nào khớp', shot: 'list-none' },
  { go: '/ho-so-mot-cua', see: '{code}', shot: 'list-all' },
  { click: 'Xuất' }, { click: 'CSV', at: '^/viec-dai/', shot: 'list-work' },
  { soon: 'Đã xong', shot: 'list-work-done' }, { go: '/viec-dai', see: 'Xuất: Hồ sơ một cửa', shot: 'list-works' },
  { go: '/ban-giao', see: 'Bàn giao hồ sơ', shot: 'list-batches' },

  ...enter('registrar', 'hotich.kylua'),
  { go: '/viec/{code}/xu-ly/xin-y-kien', see: 'Cơ quan được hỏi', shot: 'consult-ask' },
  { click: 'Gửi câu hỏi', see: 'chỗ cần sửa', shot: 'consult-ask-wrong' },
  { choose: { co_quan: 'Công an phường Kỳ Lừa' }, fill: { noi_dung_hoi: 'Xác nhận nơi cư trú của cha trẻ từ năm 2024 đến nay.' }, click: 'Gửi câu hỏi', see: 'Hạn trả lời' },
  { go: '/viec/{code}?xem=y-kien', see: 'Chờ trả lời', shot: 'work-consults', keep: { name: 'question', selector: 'td.c-title a', attribute: 'href' } },
  { go: '/viec/{code}?xem=ghi-chu', see: 'Ghi chú nội bộ' },
  { fill: { ghi_chu: 'Gọi lại trạm y tế chiều nay, hỏi số giấy chứng sinh.' }, click: 'Ghi chú', see: 'Gọi lại trạm y tế', shot: 'work-notes' },
  { go: '/tre-han', see: 'Hồ sơ trễ hạn', shot: 'list-late' },
  { go: '/tre-han?luc=sap', shot: 'list-soon' },

  ...enter('police', 'congan.kylua'),
  { go: '/xin-y-kien', see: 'Phải trả lời', shot: 'list-consults' },
  { go: '{question}', see: 'Nội dung xin ý kiến', shot: 'consult' },
  { click: 'Gửi trả lời', see: 'Chọn một ý kiến', shot: 'consult-wrong' },
  { choose: { y_kien: 'Đồng ý' }, click: 'Gửi trả lời', see: 'Đã gửi trả lời', shot: 'consult-answered' },
  { go: '/viec/{code}', status: 404 },
];
