"""The day in Indonesia."""

from typing import Final

from mypolis.demo.samples.desk_days.case import Case, Day, Fate

_MAWAR = "Klinik Mawar Putih"
_KENANGA = "RS Kenanga Raya"
_SEHATI = "Apotek Sehati"
DAY: Final = Day(
    currency="IDR",
    question="Tanggal pada foto kuitansi tidak terbaca. Mohon kirim foto yang lebih jelas.",
    answer="Kuitansinya memang agak buram. Tanggalnya sama dengan hari saya berobat.",
    appeal="Dokter meminta saya kontrol karena tekanan darah masih tinggi. Mohon ditinjau kembali.",
    new_account=("008", "1370099887766"),
    people=(
        (
            Case(
                days_ago=9,
                benefit="gp",
                provider=_MAWAR,
                words="Sakit tenggorokan dan demam.",
                bills=[("KM-0912", "145000")],
            ),
            Case(
                days_ago=9,
                benefit="gp",
                provider=_MAWAR,
                words="Sakit tenggorokan dan demam.",
                bills=[("KM-0912", "145000")],
            ),
            Case(
                days_ago=8, benefit="gp", provider=_MAWAR, words="Diare sejak dua hari.", bills=[("KM-0920", "150000")]
            ),
            Case(
                days_ago=8,
                benefit="specialist",
                provider=_KENANGA,
                words="Nyeri lutut setelah berlari.",
                bills=[("RK-4417", "320000")],
            ),
            Case(
                days_ago=7,
                benefit="specialist",
                provider="Harbourview Clinic Singapore",
                words="Ruam kulit saat perjalanan.",
                bills=[("HC-22871", "95")],
                currency="SGD",
            ),
            Case(
                days_ago=6,
                benefit="diagnostics",
                provider=_KENANGA,
                words="Rontgen lutut kanan.",
                bills=[("RK-4460", "480000")],
                edited=True,
            ),
            Case(
                days_ago=6,
                benefit="medicines",
                provider=_SEHATI,
                words="Obat nyeri lutut.",
                bills=[("AS-771", "186500"), ("AS-772", "92000")],
            ),
            Case(
                days_ago=12,
                benefit="gp",
                provider=_MAWAR,
                words="Kontrol tekanan darah.",
                bills=[("KM-0871", "140000")],
                fate=Fate.APPEALED,
            ),
            Case(
                days_ago=10,
                benefit="specialist",
                provider=_KENANGA,
                words="Kontrol lutut.",
                bills=[("RK-4391", "275000")],
                fate=Fate.ANSWERED,
            ),
            Case(
                days_ago=5,
                benefit="diagnostics",
                provider=_KENANGA,
                words="Cek darah lengkap.",
                bills=[("RK-4472", "365000")],
                fate=Fate.STOPPED,
            ),
            Case(
                days_ago=30,
                benefit="specialist",
                provider=_KENANGA,
                words="Nyeri bahu kiri.",
                bills=[("RK-4102", "290000")],
            ),
        ),
        (
            Case(days_ago=11, benefit="gp", provider=_MAWAR, words="Batuk pilek.", bills=[("KM-0889", "175000")]),
            Case(
                days_ago=10,
                benefit="medicines",
                provider=_SEHATI,
                words="Obat batuk dan vitamin.",
                bills=[("AS-741", "84000"), ("AS-742", "46500")],
            ),
            Case(
                days_ago=9,
                benefit="dental",
                provider="Klinik Gigi Cemara",
                words="Tambal gigi geraham.",
                bills=[("GC-15", "650000"), ("GC-16", "240000"), ("GC-17", "150000")],
            ),
            Case(
                days_ago=8,
                benefit="hospital-care",
                provider=_KENANGA,
                words="Demam berdarah, dirawat tiga malam.",
                bills=[("RK-4420", "18750000")],
                fate=Fate.SECOND_REVIEW,
                more_days=3,
            ),
            Case(
                days_ago=7,
                benefit="diagnostics",
                provider=_KENANGA,
                words="Tes dengue dan trombosit.",
                bills=[("RK-4421", "540000")],
            ),
            Case(
                days_ago=6,
                benefit="specialist",
                provider=_KENANGA,
                words="Kontrol setelah rawat inap.",
                bills=[("RK-4466", "395000")],
                new_account=True,
            ),
            Case(
                days_ago=5,
                benefit="gp",
                provider=_MAWAR,
                words="Sakit kepala berulang.",
                bills=[("KM-0948", "180000")],
                fate=Fate.ASKED,
            ),
            Case(
                days_ago=4,
                benefit="specialist",
                provider="RS Anggrek Bulan",
                words="Pemeriksaan mata.",
                bills=[("AB-1203", "350000")],
                fate=Fate.WITH_COLLEAGUE,
            ),
            Case(
                days_ago=14,
                benefit="gp",
                provider=_MAWAR,
                words="Alergi kulit.",
                bills=[("KM-0850", "165000")],
                fate=Fate.DECIDED,
            ),
            Case(days_ago=9, benefit="gp", provider=_MAWAR, words="Sakit tenggorokan.", bills=[("KM-0912", "145000")]),
            Case(
                days_ago=1,
                benefit="medicines",
                provider=_SEHATI,
                words="Antibiotik lima hari.",
                bills=[("AS-803", "132000")],
            ),
        ),
    ),
)
