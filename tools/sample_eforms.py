"""The shape `EFORMS` of `donnees`: UBL as JSON."""

from typing import Any

from sample_shapes import Lot, Market, dropped, one


def eforms(m: Market) -> dict[str, Any]:
    lots = m.lots or (Lot(1, m.title, m.cpv, None),)
    winners = [lot for lot in lots if lot.winner]
    companies = [_company("ORG-0001", m.buyer, m.siret, m.postcode, m.city)]
    companies += [
        _company(f"ORG-{i:04d}", lot.winner or "", None, None, None)
        for i, lot in enumerate(winners, 2)
    ]
    extension: dict[str, Any] = {
        "efac:Organizations": {"efac:Organization": [{"efac:Company": c} for c in companies]}
    }
    if winners:
        extension["efac:NoticeResult"] = _results(winners)
    notice = {
        "ext:UBLExtensions": {
            "ext:UBLExtension": {"ext:ExtensionContent": {"efext:EformsExtension": extension}}
        },
        "cbc:ContractFolderID": m.idweb.replace("-", "EX"),
        "cac:ContractingParty": {
            "cac:Party": {
                "cac:PartyIdentification": {
                    "cbc:ID": {"@schemeName": "organization", "#text": "ORG-0001"}
                }
            }
        },
        "cac:ProcurementProject": _project(m.title, m.description, m.cpv, None),
        "cac:ProcurementProjectLot": one([_eforms_lot(m, lot) for lot in lots]),
    }
    return {"EFORMS": {"ContractAwardNotice" if m.awarded else "ContractNotice": notice}}


def _company(
    key: str, name: str, siret: str | None, postcode: str | None, city: str | None
) -> dict[str, Any]:
    return dropped(
        {
            "cac:PartyIdentification": {"cbc:ID": {"@schemeName": "organization", "#text": key}},
            "cac:PartyName": {"cbc:Name": {"@languageID": "FRA", "#text": name}},
            "cac:PostalAddress": dropped({"cbc:CityName": city, "cbc:PostalZone": postcode}),
            "cac:PartyLegalEntity": {"cbc:CompanyID": siret} if siret else None,
        }
    )


def _project(title: str, description: str | None, cpv: str, amount: int | None) -> dict[str, Any]:
    total = {"@currencyID": "EUR", "#text": str(amount)}
    return dropped(
        {
            "cbc:Name": {"@languageID": "FRA", "#text": title},
            "cbc:Description": {"@languageID": "FRA", "#text": description}
            if description
            else None,
            "cac:MainCommodityClassification": {
                "cbc:ItemClassificationCode": {"@listName": "cpv", "#text": cpv}
            },
            "cac:RequestedTenderTotal": (
                {"cbc:EstimatedOverallContractAmount": total} if amount else None
            ),
        }
    )


def _eforms_lot(m: Market, lot: Lot) -> dict[str, Any]:
    project = _project(lot.title, None, lot.cpv, None if m.awarded else lot.amount)
    if m.execution and "heures" in m.execution:
        project["cac:ProcurementAdditionalType"] = [
            {"cbc:ProcurementTypeCode": {"@listName": "strategic-procurement", "#text": "soc-obj"}},
            {"cbc:ProcurementTypeCode": {"@listName": "social-objective", "#text": "opp"}},
        ]
    reserved = "res-ws" if m.reserved else "none"
    requirement = {"@listName": "reserved-procurement", "#text": reserved}
    execution = [
        {"cbc:ExecutionRequirementCode": {"@listName": "reserved-execution", "#text": "no"}}
    ]
    if m.execution:
        execution.append(
            {
                "cbc:ExecutionRequirementCode": {"@listName": "conditions", "#text": "performance"},
                "cbc:Description": {"@languageID": "FRA", "#text": m.execution},
            }
        )
    period = {"cbc:EndDate": m.deadline[:10], "cbc:EndTime": m.deadline[11:]}
    process = {} if m.awarded else {"cac:TenderSubmissionDeadlinePeriod": period}
    return {
        "cbc:ID": {"@schemeName": "Lot", "#text": f"LOT-{lot.number:04d}"},
        "cac:TenderingTerms": {
            "cac:TendererQualificationRequest": {
                "cac:SpecificTendererRequirement": {"cbc:TendererRequirementTypeCode": requirement}
            },
            "cac:ContractExecutionRequirement": execution,
            "cac:AwardingTerms": {
                "cac:AwardingCriterion": {
                    "cac:SubordinateAwardingCriterion": [
                        {"cbc:Name": {"@languageID": "FRA", "#text": f"{name} ({weight} %)"}}
                        for name, weight in m.criteria
                    ]
                }
            },
        },
        "cac:TenderingProcess": process,
        "cac:ProcurementProject": project,
    }


def _results(winners: list[Lot]) -> dict[str, Any]:
    def link(key: str) -> dict[str, str]:
        return {"cbc:ID": key}

    numbered = list(enumerate(winners, 1))
    return {
        "efac:LotResult": one(
            [
                {
                    "cbc:TenderResultCode": "selec-w",
                    "efac:LotTender": link(f"TEN-{i:04d}"),
                    "efac:TenderLot": link(f"LOT-{lot.number:04d}"),
                }
                for i, lot in numbered
            ]
        ),
        "efac:LotTender": one(
            [
                {
                    "cbc:ID": f"TEN-{i:04d}",
                    "cac:LegalMonetaryTotal": {
                        "cbc:PayableAmount": {"@currencyID": "EUR", "#text": str(lot.amount)}
                    },
                    "efac:TenderingParty": link(f"TPA-{i:04d}"),
                }
                for i, lot in numbered
            ]
        ),
        "efac:TenderingParty": one(
            [
                {"cbc:ID": f"TPA-{i:04d}", "efac:Tenderer": link(f"ORG-{i + 1:04d}")}
                for i, _ in numbered
            ]
        ),
    }
