// counter.mjs - a walk-in at the counter: card scanned, papers ticked, taken in; handed over and returned there.
import { enter } from '../people.mjs';

const card = '020198000377||Phan Thị Diệu Linh|14051998|Nữ|27 Ngô Quyền, phường Kỳ Lừa, tỉnh Lạng Sơn|01072021';

export const steps = [
  ...enter('clerk', 'motcua.kylua'),
  { go: '/quay', see: 'Người nộp', shot: 'counter' },
  { fill: { dinh_danh: card }, in: 'dinh_danh', press: 'Enter', see: 'Phan Thị Diệu Linh', shot: 'counter-card', picture: 'counter' },
  { click: 'Tiếp nhận và in giấy hẹn', see: 'chỗ cần sửa', shot: 'counter-wrong' },
  {
    choose: { quan_he_voi_nguoi_duoc_khai_sinh: 'Mẹ', gioi_tinh: 'Nữ', dan_toc: 'Tày', de_nghi_cap_ban_sao: 'Có' },
    fill: {
      ho_ten_nguoi_duoc_khai_sinh: 'Nguyễn Phan Ngọc Ánh Dương', 'ngay_sinh_nguoi_duoc_khai_sinh-ngay': '2', 'ngay_sinh_nguoi_duoc_khai_sinh-thang': '11',
      'ngay_sinh_nguoi_duoc_khai_sinh-nam': '2026', noi_sinh: 'Trạm y tế phường Kỳ Lừa', que_quan: 'Phường Kỳ Lừa, tỉnh Lạng Sơn', ho_ten_me: 'Phan Thị Diệu Linh', so_luong_ban_sao: '1',
    },
    tick: 'Giấy chứng sinh',
  },
  { tick: 'da_thu', shot: 'counter-filled' },
  { scripts: true, press: 'F9' },
  { scripts: false, click: 'Tiếp nhận và in giấy hẹn' },
  { at: '^/quay/xong/', shot: 'counter-taken', keep: { name: 'code', selector: '.code-big' } },
  { loads: '/viec/{code}/mau/1' },
  { go: '/viec/{code}', see: '{code}', shot: 'work-from-counter' },
  { go: '/viec/{code}?xem=nhat-ky', see: 'Nhật ký', shot: 'work-journal' },
];
