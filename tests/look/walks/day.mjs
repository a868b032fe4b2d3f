// day.mjs - the day book of a counter is closed, and opened again by the head of the one-stop with a reason.
import { enter } from '../people.mjs';

// Of no other walk's concern, and a working day on whatever day this runs.
const past = new Date(Date.now() + 7 * 36e5 - 3 * 864e5);
while ([0, 6].includes(past.getUTCDay())) past.setUTCDate(past.getUTCDate() - 1);
const day = past.toISOString().slice(0, 10);
export const steps = [
  ...enter('head', 'truongmotcua.kylua'),
  { go: `/quay/so-ngay?ngay=${day}`, see: 'Đang mở', shot: 'day-open' },
  { click: 'Khóa sổ ngày', see: 'Đã khóa sổ', shot: 'day-closed' },
  { click: 'Mở lại sổ' }, { click: 'Mở lại sổ', see: 'Nhập lý do mở lại sổ', shot: 'day-reopen-wrong' },
  { fill: { ly_do: 'Sót một biên lai của quầy số 2' }, click: 'Mở lại sổ', see: 'Sót một biên lai', shot: 'day-reopened' },
];
