function median(list, n,    i, j, t, v) {
    if (n == 0) return 0
    for (i = 1; i <= n; i++) v[i] = list[i]
    for (i = 2; i <= n; i++) { t = v[i]; for (j = i - 1; j > 0 && v[j] > t; j--) v[j + 1] = v[j]; v[j + 1] = t }
    return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
