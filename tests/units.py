"""A handful of units."""

from knowledge.kpi_model import Unit, UnitKind


def _unit(slug: str, kind: UnitKind, name: str, parent: Unit | None = None, *aliases: str) -> Unit:
    title = f"{name}, {parent.name}" if parent and parent.kind is UnitKind.DISTRICT else name
    return Unit(f"unit:{slug}", kind, name, title, parent and parent.id, aliases=aliases)


_PROVINCE = _unit("tinh-quang-ninh", UnitKind.PROVINCE, "Tỉnh Quảng Ninh")
_DAM_HA = _unit("huyen-dam-ha", UnitKind.DISTRICT, "Huyện Đầm Hà", _PROVINCE)
_VAN_DON = _unit("huyen-van-don", UnitKind.DISTRICT, "Huyện Vân Đồn", _PROVINCE)
_HAI_HA = _unit("huyen-hai-ha", UnitKind.DISTRICT, "Huyện Hải Hà", _PROVINCE)

UNITS = {
    unit.id: unit
    for unit in (
        _PROVINCE,
        _unit("so-tu-phap", UnitKind.DEPARTMENT, "Sở Tư pháp", None, "sở tp"),
        _DAM_HA,
        _VAN_DON,
        _HAI_HA,
        _unit("xa-quang-an-huyen-dam-ha", UnitKind.COMMUNE, "Xã Quảng An", _DAM_HA),
        _unit("xa-dam-ha-huyen-dam-ha", UnitKind.COMMUNE, "Xã Đầm Hà", _DAM_HA),
        _unit("xa-ha-long-huyen-van-don", UnitKind.COMMUNE, "Xã Hạ Long", _VAN_DON),
        _unit("xa-doan-ket-huyen-van-don", UnitKind.COMMUNE, "Xã Đoàn Kết", _VAN_DON),
        _unit("xa-quang-chinh-huyen-hai-ha", UnitKind.COMMUNE, "Xã Quảng Chính", _HAI_HA),
        _unit("xa-doan-ket-huyen-hai-ha", UnitKind.COMMUNE, "Xã Đoàn Kết", _HAI_HA),
    )
}
