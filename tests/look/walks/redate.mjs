// redate.mjs - appointments counted anew after a calendar changed: the form, what was tried, letting it be done.
import { enter } from '../people.mjs';

const form = { so_van_ban: '12/QĐ-UBND', ngay_van_ban: '20/11/2026', co_quan: 'Ủy ban nhân dân tỉnh Lạng Sơn', tu_ngay: '01/01/2026', den_ngay: '31/12/2026' };
export const steps = [
  ...enter('controller', 'kiemsoat'),
  { go: '/quan-tri/tinh-lai-hen', see: 'Các đợt đã lập', shot: 'redates' },
  { click: 'Tính thử', see: 'chỗ cần sửa', shot: 'redates-wrong' },
  { fill: form, click: 'Tính thử', at: '^/quan-tri/tinh-lai-hen/' },
  { soon: 'Không phải dời gì', shot: 'redate-nothing' },
  { go: '/quan-tri/tinh-lai-hen', see: '12/QĐ-UBND', shot: 'redates-list' },
];
