#!/usr/bin/env python3
"""The first steps of a fund year from Python, by a client generated from `proto/`.

Against a suite that `medfund up` started: opens an area's calendar, submits and publishes a policy pack, opens the
fund year, admits an institution, records a decision, and shows how a service refuses. Needs grpcio, grpcio-tools and
googleapis-common-protos.
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

import grpc
import grpc_tools
from google.rpc import error_details_pb2, status_pb2
from google.type import date_pb2
from grpc_tools import protoc

REPOSITORY = Path(__file__).resolve().parents[2]
AREA, DISTRICT, FUND_YEAR = "440700", "440703", 2017
HOSPITAL = "H44070300001"


def generate(protos: Path, out: Path) -> None:
    """Makes Python modules of all our protos; those of Google come with googleapis-common-protos."""
    files = [str(path) for path in sorted(protos.glob("medfund/**/*.proto"))]
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    arguments = ["protoc", f"-I{protos}", f"-I{well_known}", f"--python_out={out}", f"--grpc_python_out={out}"]
    if protoc.main(arguments + files):
        raise SystemExit("the protos do not compile")
    sys.path.insert(0, str(out))


class Suite:
    """Connections to a running suite, each call with the token of whoever makes it."""

    def __init__(self, file: Path, medfund: Path):
        told = json.loads(file.read_text())
        authority = Path(told["authority"])
        self._file, self._medfund, self._endpoints = file, medfund, told["endpoints"]
        self._tls = grpc.ssl_channel_credentials(
            (authority / "ca.pem").read_bytes(),
            (authority / "medfund-tool.key").read_bytes(),
            (authority / "medfund-tool.pem").read_bytes(),
        )
        self._tokens: dict[tuple[str, str], str] = {}

    def channel(self, service: str) -> grpc.Channel:
        """A connection over mutual TLS."""
        return grpc.secure_channel(self._endpoints[service].removeprefix("https://"), self._tls)

    def token(self, role: str, area: str = AREA) -> list[tuple[str, str]]:
        """What a call carries to be let in: a token for somebody with `role` in `area`."""
        if (role, area) not in self._tokens:
            command = [self._medfund, "token", "--against", self._file, "--role", role, "--area", area]
            made = subprocess.run(command, check=True, capture_output=True, text=True)
            self._tokens[role, area] = made.stdout.strip()
        return [("authorization", f"Bearer {self._tokens[role, area]}")]


@dataclass(frozen=True)
class Refusal:
    """Why a call was refused: its code, the reason with its numbers for a program, the message for a person."""

    code: str
    reason: str
    numbers: dict[str, str]
    locale: str
    message: str

    def __str__(self) -> str:
        return f"{self.code} / {self.reason} {self.numbers} [{self.locale}] {self.message}"


def refusal(error: grpc.RpcError) -> Refusal:
    """A refused call's ErrorInfo and LocalizedMessage."""
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    info, localized = error_details_pb2.ErrorInfo(), error_details_pb2.LocalizedMessage()
    for detail in status_pb2.Status.FromString(details).details:
        for known in (info, localized):
            if detail.Is(known.DESCRIPTOR):
                detail.Unpack(known)
    return Refusal(error.code().name, info.reason, dict(info.metadata), localized.locale, localized.message)


def refused(call, request, metadata) -> Refusal:
    """How a service refuses a call that it must refuse."""
    try:
        call(request, metadata=metadata)
    except grpc.RpcError as error:
        return refusal(error)
    raise SystemExit(f"{type(request).__name__} was not refused")


def service(name: str, module: str, stub: str, suite: Suite):
    """A generated client and the module of its messages."""
    stubs = importlib.import_module(f"medfund.{name}.v1.{module}_pb2_grpc")
    return getattr(stubs, stub)(suite.channel(name)), importlib.import_module(f"medfund.{name}.v1.{module}_pb2")


def request_id() -> str:
    """What makes a retry safe."""
    return str(uuid.uuid4())


def open_year(suite: Suite, pack: Path) -> None:
    """Calendar, policy pack, fund year."""
    calendars, messages = service("budget", "calendar_service", "CalendarServiceStub", suite)
    opened = calendars.OpenCalendar(
        messages.OpenCalendarRequest(
            name=f"areas/{AREA}/calendar",
            business_date=date_pb2.Date(year=2016, month=11, day=1),
            request_id=request_id(),
        ),
        metadata=suite.token("calendar_keeper"),
    ).calendar
    day = opened.business_date
    print(f"calendar of {AREA}: {day.year}-{day.month:02}-{day.day:02}")

    packs, pack_messages = service("budget", "policy_service", "PolicyServiceStub", suite)
    submit = pack_messages.SubmitPackRequest(
        parent=f"areas/{AREA}", pack=pack.read_bytes(), request_id=request_id()
    )
    submitted = packs.SubmitPack(submit, metadata=suite.token("policy_maker")).pack
    again = packs.SubmitPack(submit, metadata=suite.token("policy_maker")).pack
    assert again == submitted, "a retry with the same request id gives the first answer"
    packs.PublishPack(
        pack_messages.PublishPackRequest(name=submitted.name, request_id=request_id()),
        metadata=suite.token("policy_checker"),
    )
    print(f"pack published: {submitted.pack_hash}")

    opened = calendars.OpenFundYear(
        messages.OpenFundYearRequest(
            name=f"areas/{AREA}/fundYears/{FUND_YEAR}",
            pack_hash=submitted.pack_hash,
            districts=[DISTRICT],
            request_id=request_id(),
        ),
        metadata=suite.token("calendar_keeper"),
    ).fund_year
    assert opened.pack_hash == submitted.pack_hash
    print(f"fund year {opened.fund_year} open under {opened.pack_id}")


def admit(suite: Suite) -> None:
    """An institution applies, is evaluated by one person and admitted by another."""
    institutions, messages = service("agreement", "institution_service", "InstitutionServiceStub", suite)
    resources = importlib.import_module("medfund.agreement.v1.institution_pb2")
    name = f"areas/{AREA}/institutions/{HOSPITAL}"
    profile = resources.InstitutionProfile(
        display_name="蓬江人民医院", district=DISTRICT, level=3, institution_class="general"
    )
    officer, checker = suite.token("agency_officer"), suite.token("agency_checker")
    institutions.CreateInstitution(
        messages.CreateInstitutionRequest(
            parent=f"areas/{AREA}", profile=profile, institution_code=HOSPITAL, request_id=request_id()
        ),
        metadata=officer,
    )
    evaluate = messages.EvaluateInstitutionRequest(
        name=name, passed=True, reference=f"evaluations/{HOSPITAL}", request_id=request_id()
    )
    institutions.EvaluateInstitution(evaluate, metadata=officer)
    admitted = institutions.AdmitInstitution(
        messages.AdmitInstitutionRequest(name=name, request_id=request_id()), metadata=checker
    ).institution
    assert admitted.state == resources.Institution.STATE_ADMITTED
    print(f"{admitted.profile.display_name} ({HOSPITAL}) admitted")


def decide(suite: Suite) -> None:
    """A meeting's decision: recorded by its secretary, confirmed by somebody else."""
    decisions, messages = service("budget", "decision_service", "DecisionServiceStub", suite)
    resources = importlib.import_module("medfund.budget.v1.decision_pb2")
    name = f"areas/{AREA}/decisions/{uuid.uuid4()}"
    record = messages.RecordDecisionRequest(
        name=name,
        body="city_joint_meeting",
        matter="inpatient_method",
        district=DISTRICT,
        fund_year=FUND_YEAR,
        subject=f"areas/{AREA}/districts/{DISTRICT}/inpatientMethods/{FUND_YEAR}",
        approved=True,
        meeting_date=date_pb2.Date(year=2016, month=11, day=1),
        members_present=["市人力资源社会保障局", "市财政局", "市社保局"],
        n_votes_for=3,
        minutes_reference="minutes/2016/1",
        request_id=request_id(),
    )
    decisions.RecordDecision(record, metadata=suite.token("meeting_secretary"))
    confirmed = decisions.ConfirmDecision(
        messages.ConfirmDecisionRequest(name=name, request_id=request_id()),
        metadata=suite.token("city_agency"),
    ).decision
    assert confirmed.state == resources.Decision.STATE_CONFIRMED
    print(f"decision of {confirmed.body} on {confirmed.matter} confirmed")


def be_refused(suite: Suite) -> None:
    """A date that goes back, a caller of another area, a caller without the role."""
    calendars, messages = service("budget", "calendar_service", "CalendarServiceStub", suite)
    back = messages.AdvanceBusinessDateRequest(
        name=f"areas/{AREA}/calendar",
        business_date=date_pb2.Date(year=2016, month=10, day=31),
        request_id=request_id(),
    )
    told = refused(calendars.AdvanceBusinessDate, back, suite.token("calendar_keeper"))
    print(f"refused: {told}")
    assert (told.code, told.reason) == ("FAILED_PRECONDITION", "DATE_NOT_LATER")
    assert told.numbers == {"business_date": "2016-11-01", "requested_date": "2016-10-31"}
    assert told.locale == "zh-CN" and told.message

    told = refused(calendars.AdvanceBusinessDate, back, suite.token("auditor"))
    print(f"refused: {told}")
    assert told.code == "PERMISSION_DENIED"

    get = messages.GetCalendarRequest(name=f"areas/{AREA}/calendar")
    told = refused(calendars.GetCalendar, get, suite.token("auditor", "440800"))
    print(f"refused: {told}")
    assert told.code == "NOT_FOUND"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", type=Path, required=True, help="suite.json of `medfund up`")
    parser.add_argument("--medfund", type=Path, required=True, help="the medfund binary, which signs tokens")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        generate(REPOSITORY / "proto", Path(out))
        suite = Suite(args.suite, args.medfund)
        open_year(suite, REPOSITORY / "policies/jiangmen-2016.toml")
        admit(suite)
        decide(suite)
        be_refused(suite)
    print("first steps taken")


if __name__ == "__main__":
    main()
