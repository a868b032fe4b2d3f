// figures.mjs - what leaders and everybody read: dashboard, statistics, public figures; the books of a counter with rows.
import { enter, walk_in } from '../people.mjs';

// A period is closed once: each run of the browser has its own.
const months = { '1280': '2026-03', 390: '2026-04', '390-no-script': '2026-05' };

export const steps = (run) => [
  { as: 'visitor', go: '/cong-khai', see: 'Công khai kết quả giải quyết', shot: 'public-figures' },
  { go: '/cong-khai?ky=nam-truoc', see: 'Chưa có hồ sơ nào trong kỳ này', shot: 'public-figures-none' },

  ...enter('clerk', 'motcua.tamthanh'),
  { go: '/quay/so-ngay?ngay=2026-01-05', see: 'Chưa tiếp nhận hồ sơ nào', shot: 'day-none' },
  ...walk_in({ child: 'Lý Vi Ngọc Hân', mother: 'Vi Thị Hồng Nhung', card: '020198000393||Vi Thị Hồng Nhung|14051998|Nữ|12 Bà Triệu, phường Tam Thanh, tỉnh Lạng Sơn|01072021' }),
  { go: '/quay/so-ngay', see: '{code}', shot: 'day' },
  { go: '/so-theo-doi', see: '{code}', shot: 'ledger' },
  { go: '/so-theo-doi?q=khong+co+ai+ca', see: 'Không có dòng nào khớp', shot: 'ledger-none' },
  // An officer on pages made for everybody: the frame of citizens, with the name of the office.
  { go: '/huong-dan', see: 'Từ lúc tìm thủ tục', shot: 'help-officer' },
  { go: '/cong-khai', see: 'Theo cơ quan, đơn vị', shot: 'public-figures-officer' },

  ...enter('leader', 'chutich.tamthanh'),
  { go: '/dieu-hanh', see: 'đang giải quyết', shot: 'board-commune' },
  { go: '/dieu-hanh/thong-ke', see: 'Tồn kỳ trước', shot: 'statistics-units' },
  { click: 'Theo thủ tục', see: 'khai sinh', shot: 'statistics-procedures' },
  { go: '/dieu-hanh/thong-ke?ky=nam-truoc', see: 'Chưa có hồ sơ nào trong kỳ này', shot: 'statistics-none' },
  { go: '/dieu-hanh/chot-ky', see: 'Kỳ đã hết', shot: 'periods' },
  { go: `/dieu-hanh/chot-ky/${months[run.label]}`, see: 'Số liệu chưa chốt', shot: 'period-open' },
  { click: 'Chốt và ký số liệu', see: 'Đến nay không có gì khác' },
  { soon: 'Đã chốt, đã ký', shot: 'period-closed' },
  { loads: `/dieu-hanh/chot-ky/${months[run.label]}/ban-ky` },
  { go: '/so-cap-so', see: 'Sổ cấp số', shot: 'register' },

  { as: 'visitor', go: '/bang-lon', see: 'Tỷ lệ đúng hạn theo xã, phường', shot: 'wall' },
  // The large screen renews itself and says when it cannot.
  { scripts: true, as: 'wall', clock: '2026-11-23T09:00:10+07:00', go: '/bang-lon', pass: 2, see: '09:00', lacks_seen: 'Số liệu cũ từ' },
  { scripts: true, as: 'wall', pass: 60, see: '09:01', lacks_seen: 'Số liệu cũ từ' },
  { scripts: true, as: 'wall', offline: true, pass: 65, lacks_seen: 'Số liệu cũ từ' },
  { scripts: true, as: 'wall', pass: 35, see: 'Số liệu cũ từ' },
  { scripts: true, as: 'wall', offline: false, pass: 31, see: 'làm mới 30 giây' },
  { scripts: true, as: 'wall', click: 'Dừng tự làm mới', see: 'Tự làm mới lại' },

  ...enter('inspector', 'thanhtra'),
  { go: '/dieu-hanh', see: 'Tình hình tỉnh', shot: 'board' },
  { go: '/dieu-hanh/thong-ke?theo=linh-vuc', see: 'Theo lĩnh vực', shot: 'statistics-fields' },
  { go: '/dieu-hanh?don-vi=H37.115', see: 'Tình hình UBND phường Tam Thanh', shot: 'board-narrowed' },
  { as: 'leader', go: '/dieu-hanh?don-vi=H37', status: 403, shot: 'board-no-right' },
];
