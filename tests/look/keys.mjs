// keys.mjs - the officer's keyboard on the drawn pages; each entry is a sentence and a test.
const current = (page) => page.evaluate(() => [...document.querySelectorAll('tr[data-row]')].findIndex((r) => r.classList.contains('is-current')));
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute('name') ?? document.activeElement.textContent.trim());
const is = (got, want) => { if (got !== want) throw new Error(`${JSON.stringify(got)}, not ${JSON.stringify(want)}`); };

export const keyTests = [
  { page: 'inbox', name: 'J and K move over rows, not over group headings', async run(page) {
    await page.keyboard.press('j'); is(await current(page), 0);
    await page.keyboard.press('j'); is(await current(page), 1);
    await page.keyboard.press('k'); is(await current(page), 0);
    is(await focused(page), 'Chuyển mục đích sử dụng đất, thửa 112');
  } },
  { page: 'inbox', name: 'X picks, Shift X picks up to here, the bar counts', async run(page) {
    await page.keyboard.press('j'); await page.keyboard.press('x');
    await page.keyboard.press('j'); await page.keyboard.press('j'); await page.keyboard.press('Shift+X');
    is(await page.locator('[data-picked]').innerText(), '3');
    await page.getByRole('button', { name: 'Bỏ chọn' }).click();
    is(await page.locator('[data-bulk]').isVisible(), false);
  } },
  { page: 'inbox', name: 'slash goes to the filter, where letters are only letters', async run(page) {
    await page.keyboard.press('/'); await page.keyboard.type('jx');
    is(await page.locator('.filter input[name="tu"]').inputValue(), 'jx');
    is(await current(page), -1);
  } },
  { page: 'inbox', name: 'Ctrl K goes to the palette', async run(page) { await page.keyboard.press('Control+k'); is(await focused(page), 'q'); } },
  { page: 'inbox', name: 'the question mark lists keys, Esc closes, letters can be switched off', async run(page) {
    await page.keyboard.press('?');
    await page.getByText('Phím của trang này').waitFor();
    await page.locator('dialog input[type=checkbox]').uncheck();
    await page.keyboard.press('Escape');
    is(await page.locator('dialog').count(), 0);
    await page.keyboard.press('j'); is(await current(page), -1);
    await page.evaluate(() => localStorage.clear());
  } },
  { page: 'counter', name: 'F3 goes to the person, F4 to the procedure, the browser keeps its F5', async run(page) {
    await page.keyboard.press('F4'); is(await focused(page), 'thu_tuc');
    await page.keyboard.press('F3'); is(await focused(page), 'the');
    await page.evaluate(() => { globalThis.here = 1; });
    await page.keyboard.press('F5'); is(await page.evaluate(() => globalThis.here), 1);
  } },
  { page: 'counter', name: 'F5 goes to the papers, arrows move, Space ticks', async run(page) {
    await page.keyboard.press('F5'); await page.keyboard.press('ArrowDown'); await page.keyboard.press('ArrowDown'); await page.keyboard.press('Space');
    is(await page.locator('input[name="co"][value="3"]').isChecked(), true);
  } },
  { page: 'section', name: 'a date pasted into the first box fills all three', async run(page) {
    await page.locator('#f-ngay_sinh').focus();
    await page.evaluate(() => {
      const data = new DataTransfer(); data.setData('text', '05/06/2026');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    is(await page.locator('#f-ngay_sinh-nam').inputValue(), '2026'); is(await page.locator('#f-ngay_sinh').inputValue(), '05');
  } },
  { page: 'section', name: 'what is missing or wrong is said before it is sent, in the words of the server', async run(page) {
    await page.locator('#f-so_dinh_danh').fill('020 301 001 234');
    await page.locator('#f-ngay_sinh-thang').fill('13');
    await page.getByRole('button', { name: 'Lưu và sang bước Giấy tờ' }).click();
    is(await page.locator('#errors li').allInnerTexts().then((t) => t.join('|')), 'Nhập họ, chữ đệm, tên.|Ngày sinh phải đủ ngày, tháng, năm, ví dụ 12/11/2026.|Chọn dân tộc.');
    is(await page.evaluate(() => document.activeElement.id), 'errors');
    is(await page.locator('#f-ho_ten').getAttribute('aria-invalid'), 'true');
    is(await page.locator('#f-so_dinh_danh').getAttribute('aria-invalid'), null);
    is((await page.title()).startsWith('Lỗi: Lỗi'), false);
    await page.locator('#errors a').first().click(); is(await page.evaluate(() => document.activeElement.id || document.querySelector(':target')?.id), 'f-ho_ten');
  } },
  { page: 'section', name: 'to save and do it later nothing need be whole', async run(page) {
    let sent = false;
    await page.route('**/nop', (route) => { sent = true; return route.fulfill({ body: 'ok' }); });
    await page.getByRole('button', { name: 'Lưu, làm sau' }).click();
    await page.waitForLoadState(); is(sent, true);
  } },
  { page: 'home', name: 'a page of citizens has no single-letter keys', async run(page) {
    await page.keyboard.press('Escape'); await page.keyboard.press('?'); is(await page.locator('dialog').count(), 0);
  } },
  { page: 'section', name: 'the error summary has the focus, its link goes to the field', async run(page) {
    is(await page.evaluate(() => document.activeElement.id), 'errors');
    await page.locator('.errors a').first().click(); is(await page.evaluate(() => document.activeElement.id || document.querySelector(':target')?.id), 'f-so_dinh_danh');
  } },
  { page: 'procedure', name: 'the skip link is the first stop and leads to main', async run(page) {
    await page.keyboard.press('Tab'); is(await focused(page), 'Tới nội dung chính');
    await page.keyboard.press('Enter'); is(await page.evaluate(() => document.activeElement.id), 'main');
  } },
];
