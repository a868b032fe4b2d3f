// areas.mjs - where an old address lies now, and one area through time; decisions that reorganise agencies.
import { enter } from '../people.mjs';

const nextYear = String(new Date().getFullYear() + 1); // the decision waits for its day

export const steps = [
  { as: 'citizen', go: '/dia-ban', see: '34 tỉnh, thành phố', shot: 'areas' },
  { fill: { q: 'xa Mai Pha, TP Lang Son' }, click: 'Tìm', see: 'Phường Đông Kinh', shot: 'areas-found' },
  { go: '/dia-ban?q=12+ph%E1%BB%91', see: 'Không thấy xã, phường nào', shot: 'areas-none' },
  { go: '/dia-ban/20', see: 'Phường Đông Kinh', shot: 'area' },
  { go: '/dia-ban/26', see: 'Tỉnh Phú Thọ', shot: 'area-ended' },
  { go: '/dia-ban/26?ngay=x', see: 'Ngày phải có thật', shot: 'area-wrong-day' },
  { go: '/co-quan', see: 'Ủy ban nhân dân tỉnh', shot: 'units' },
  { go: '/co-quan/H37.114', see: 'Đơn vị trực thuộc', shot: 'unit' },
  ...enter('clerk', 'motcua.kylua'),
  { go: '/tra-dia-ban?q=vinh+trai', see: 'Phường Đông Kinh', shot: 'areas-officer' },
  { go: '/tra-dia-ban/05977', see: 'Trước đó', shot: 'area-officer' },
  ...enter('admin', 'quantri'),
  { go: '/quan-tri/sap-xep', see: 'Đã nhập' },
  { click: 'Đổi tên', see: 'Tên mới', shot: 'order-form' },
  { click: 'Đổi tên', see: 'cần sửa', shot: 'order-wrong' },
  {
    fill: { tu: 'H37.09', vao: 'Sở Nội vụ tỉnh Lạng Sơn; Sở Nội vụ', can_cu: 'Nghị quyết 15/NQ-HĐND ngày 20/11/2026', 'ngay-ngay': '1', 'ngay-thang': '12', 'ngay-nam': nextYear },
    tick: 'doi_chieu', click: 'Đổi tên', see: 'Chờ đến ngày', shot: 'order',
  },
  { go: '/quan-tri/sap-xep', see: 'Nghị quyết 15/NQ-HĐND', shot: 'orders' },
];
