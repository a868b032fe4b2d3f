# xlsx_oracle.py - openpyxl writes workbooks that we read, and reads those that we write.
import datetime
import io
import sys

import openpyxl


def write():
    book = openpyxl.Workbook()
    first = book.active
    first.title = "Đơn vị"
    first.append(["Mã", "Tên", "Ngày", "Giờ", "Số", "Đúng", "Công thức"])
    first.append(["06001", "Xã <Tân Đoàn> & “Hòa”", datetime.date(2026, 11, 23),
                  datetime.datetime(2026, 11, 23, 9, 14), 0.1, True, "=1+1"])
    first["A4"] = 6001
    first["C4"] = datetime.date(1985, 7, 1)
    first["E4"] = -12.5
    first["F4"] = False
    first["B5"] = "dòng 1\ndòng 2"
    first["XFD5"].number_format = "0.00"
    first["E6"] = 60000
    first["E6"].number_format = '#,##0 "đồng"'
    second = book.create_sheet("Cán bộ")
    for i in range(1, 3001):
        second.append([i, f"cán bộ {i}", f"cb{i}@vi-du.vn"])
    book.create_sheet("Trống")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def said(cell):
    value = cell.value
    if isinstance(value, datetime.datetime):
        value = value.isoformat(timespec="minutes")
    kind = {"s": "text", "inlineStr": "text", "n": "number", "d": "date", "b": "bool", "f": "formula"}
    return f"{cell.coordinate} {kind[cell.data_type]} {value!r} {cell.number_format}" + (
        " quoted" if cell.quotePrefix else "")


if sys.argv[1] == "write":
    sys.stdout.buffer.write(write())
else:
    book = openpyxl.load_workbook(sys.argv[2])
    lines = []
    for sheet in book.worksheets:
        lines.append(f"== {sheet.title} {sheet.freeze_panes} {sheet.auto_filter.ref}"
                     f" {sheet.column_dimensions['A'].width:g}")
        for row in sheet.iter_rows():
            lines += [said(cell) for cell in row if cell.value is not None]
    sys.stdout.buffer.write("\n".join(lines).encode() + b"\n")
