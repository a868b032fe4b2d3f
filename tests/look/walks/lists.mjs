// lists.mjs - officers' lists: several at once, hand-over lists, another agency asked, notes, an export followed to its file.
import { enter, walk_in } from '../people.mjs';

const mother = 'Vi Thị Hồng Nhung', card = `020198000385||${mother}|14051998|Nữ|12 Bà Triệu, phường Kỳ Lừa, tỉnh Lạng Sơn|01072021`;

export const steps = [
  ...enter('clerk', 'motcua.kylua'),
  ...walk_in({ card, mother, child: 'Lý Vi Ngọc Hân' }),
  { go: '/viec', see: 'Việc của tôi', shot: 'list-inbox' },
  { go: '/viec?q=khong+co+ai+ca', see: 'Không có dòng nào khớp', shot: 'list-none' },
  { go: '/ho-so-mot-cua', see: '{code}', shot: 'list-all' },
  { click: 'Xuất' }, { click: 'CSV', at: '^/viec-dai/', shot: 'list-work' },
  { soon: 'Đã xong', shot: 'list-work-done' }, { go: '/viec-dai', see: 'Xuất: Hồ sơ một cửa', shot: 'list-works' },
  { go: '/thong-bao', see: 'Đã xong: Xuất: Hồ sơ một cửa', shot: 'list-bell' },
  { go: '/ho-so-mot-cua?q=khai+sinh&cot=noi', see: 'Lưu khung nhìn' },
  { click: 'Lưu khung nhìn', fill: { ten: 'Khai sinh, không cần nơi giữ' }, shot: 'list-view-save' },
  { click: 'Lưu', see: 'Đã lưu khung nhìn', shot: 'list-view-saved' },
  { go: '/khung-nhin', see: 'Khai sinh, không cần nơi giữ', shot: 'views' }, { click: 'Xóa', see: 'Đã xóa khung nhìn', shot: 'views-none' },
  { go: '/ban-giao', see: 'Bàn giao hồ sơ', shot: 'list-batches' },

  ...enter('registrar', 'hotich.kylua'),
  { go: '/viec/{code}/xu-ly/xin-y-kien', see: 'Cơ quan được hỏi', shot: 'consult-ask' },
  { click: 'Gửi câu hỏi', see: 'chỗ cần sửa', shot: 'consult-ask-wrong' },
  { fill: { co_quan: 'cong an', noi_dung_hoi: 'Xác nhận nơi cư trú của cha trẻ từ năm 2024 đến nay.' }, click: 'Gửi câu hỏi', see: 'cơ quan khớp', shot: 'consult-ask-found' },
  { choose: { chon_co_quan: 'Công an phường Kỳ Lừa' }, click: 'Gửi câu hỏi', see: 'Hạn trả lời' },
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
