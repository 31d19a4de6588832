"""A stock grpcio client, with stubs from protoc, and what the tests do with it again and again."""

import queue
import threading
import time
import uuid

import places  # finds the stubs

import grpc
from health.v1 import health_pb2, health_pb2_grpc
from rpc import status_pb2
from tally.v1 import (
    descriptor_pb2,
    descriptor_service_pb2,
    descriptor_service_pb2_grpc,
    event_pb2,
    event_service_pb2,
    event_service_pb2_grpc,
    finding_pb2,
    mismatch_service_pb2,
    mismatch_service_pb2_grpc,
    system_pb2,
    system_pb2_grpc,
)

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING

ALLOWED, BLOCKED, UNKNOWN = finding_pb2.DECISION_ALLOWED, finding_pb2.DECISION_BLOCKED, finding_pb2.DECISION_UNKNOWN

COLLECTIONS = {
    "system_context": "systemContexts",
    "raw_data": "rawData",
    "data_pipeline": "dataPipelines",
    "training_data": "trainingData",
    "trained_model": "trainedModels",
    "development_environment": "developmentEnvironments",
    "production_environment": "productionEnvironments",
    "production_data": "productionData",
}

# What a system has apart from the eight, by the numbers of the kinds.
SETTLING = {20: ("policy", "policies"), 21: ("waiver", "waivers"), 22: ("deployment", "deployments"), 23: ("clock", "clocks")}

TIMEOUT = 20 * places.SLOW


def new_id(prefix="s"):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def descriptor(kind, name="", system="", etag="", **spec):
    """A descriptor to push. kind: trained_model and so on; spec: its fields."""
    made = descriptor_pb2.Descriptor(etag=etag)
    if name:
        collection = COLLECTIONS.get(kind) or dict(SETTLING.values())[kind]
        made.name = f"systems/{system}/{collection}/{name}"
    field = made.DESCRIPTOR.fields_by_name[kind]
    getattr(made, kind).CopyFrom(field.message_type._concrete_class(**spec))
    getattr(made, kind).SetInParent()
    return made


def model(*frameworks, **more):
    """A model; with frameworks that no environment offers it is a mismatch."""
    return descriptor("trained_model", ml_frameworks=frameworks, **more)


def offer(*frameworks, **more):
    return descriptor("development_environment", ml_frameworks=frameworks, **more)


# For a client that takes in little which nobody reads: what is beyond WINDOW bytes stays with the server.
WINDOW = 65536
NARROW = [("grpc.http2.lookahead_bytes", WINDOW), ("grpc.http2.bdp_probe", 0)]


class Client:
    """All services of one server."""

    def __init__(self, target, *options):
        options = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0), *options]
        self.channel = grpc.insecure_channel(target, options=options)
        self.systems = system_pb2_grpc.SystemServiceStub(self.channel)
        self.descriptors = descriptor_service_pb2_grpc.DescriptorServiceStub(self.channel)
        self.mismatches = mismatch_service_pb2_grpc.MismatchServiceStub(self.channel)
        self.events = event_service_pb2_grpc.EventServiceStub(self.channel)
        self.health = health_pb2_grpc.HealthStub(self.channel)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.channel.close()

    def create(self, system=None, **more):
        """Makes a system. Returns its id."""
        system = system or new_id()
        request = system_pb2.CreateSystemRequest(system_id=system, **more)
        self.systems.CreateSystem(request, timeout=TIMEOUT)
        return system

    def push(self, system, *descriptors, timeout=TIMEOUT, **more):
        request = descriptor_service_pb2.PushDescriptorsRequest(
            parent=f"systems/{system}", descriptors=descriptors, **more
        )
        return self.descriptors.PushDescriptors(request, timeout=timeout)

    def verdict(self, system, timeout=TIMEOUT, **more):
        request = mismatch_service_pb2.GetVerdictRequest(system=f"systems/{system}", **more)
        return self.mismatches.GetVerdict(request, timeout=timeout)

    def findings(self, system, **more):
        """All pages."""
        found, token = [], ""
        while True:
            request = mismatch_service_pb2.ListFindingsRequest(
                parent=f"systems/{system}", page_size=1000, page_token=token, **more
            )
            page = self.mismatches.ListFindings(request, timeout=TIMEOUT)
            found += page.findings
            token = page.next_page_token
            if not token:
                return found

    def waivers(self, system, **more):
        request = mismatch_service_pb2.ListWaiversRequest(parent=f"systems/{system}", **more)
        return self.mismatches.ListWaivers(request, timeout=TIMEOUT)

    def subscribe(self, *systems, **more):
        return Subscription(self, systems, more)


class Subscription:
    """A stream that a thread reads into a queue."""

    def __init__(self, peer, systems, more):
        request = event_service_pb2.SubscribeRequest(systems=[f"systems/{system}" for system in systems], **more)
        self.stream = peer.events.Subscribe(request)
        self.arrived = queue.Queue()
        self.error = None
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        try:
            for message in self.stream:
                self.arrived.put(message)
        except grpc.RpcError as error:
            self.error = error
        self.arrived.put(None)

    def message(self, timeout=TIMEOUT):
        """The next message; None at the end of the stream."""
        return self.arrived.get(timeout=timeout)

    def until(self, wanted, timeout=TIMEOUT):
        """Messages up to the first one that is wanted, that one included."""
        messages = []
        while True:
            message = self.message(timeout)
            assert message is not None, f"the stream ended: {self.error}"
            messages.append(message)
            if wanted(message):
                return messages

    def end(self, timeout=TIMEOUT):
        """Waits for the end, whatever comes before. Returns the error."""
        deadline = time.monotonic() + timeout
        while self.message(max(0, deadline - time.monotonic())) is not None:
            pass
        return self.error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.cancel()
        self.thread.join(TIMEOUT)


def reaches(system, revision):
    """For until(): the last event of a revision of a system, or of a later one."""

    def wanted(message):
        return any(
            event.system == f"systems/{system}" and event.revision >= revision and event.last_of_revision
            for event in message.events
        )

    return wanted


def events_of(messages):
    return [event for message in messages for event in message.events]


def problem(call, *arguments, **more):
    """Makes a call that must fail. Returns (code, reason, {field: description}, metadata)."""
    try:
        answer = call(*arguments, **more)
    except grpc.RpcError as error:
        return explain(error)
    raise AssertionError(f"it succeeded: {answer}")


def explain(error):
    reason, fields, facts = "", {}, {}
    trailers = dict(error.trailing_metadata() or ())
    details = status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b"")).details
    for detail in details:
        if detail.Is(status_pb2.ErrorInfo.DESCRIPTOR):
            info = status_pb2.ErrorInfo.FromString(detail.value)
            assert info.domain == "tally"
            reason, facts = info.reason, dict(info.metadata)
        elif detail.Is(status_pb2.BadRequest.DESCRIPTOR):
            violations = status_pb2.BadRequest.FromString(detail.value).field_violations
            fields = {violation.field: violation.description for violation in violations}
    return error.code(), reason, fields, facts
