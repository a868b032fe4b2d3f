// day.mjs - the day book of a counter is closed, and opened again by the head of the one-stop with a reason.
import { enter } from '../people.mjs';

const day = new Date(Date.now() + 7 * 36e5 - 3 * 864e5).toISOString().slice(0, 10); // of no other walk's concern
export const steps = [
  ...enter('head', 'truongmotcua.kylua'),
  { go: `/quay/so-ngay?ngay=${day}`, see: 'Đang mở', shot: 'day-open' },
  { click: 'Khóa sổ ngày', see: 'Đã khóa sổ', shot: 'day-closed' },
  { click: 'Mở lại sổ' }, { click: 'Mở lại sổ', see: 'Nhập lý do mở lại sổ', shot: 'day-reopen-wrong' },
  { fill: { ly_do: 'Sót một biên lai của quầy số 2' }, click: 'Mở lại sổ', see: 'Sót một biên lai', shot: 'day-reopened' },
];
