"""Jobs end once, whatever becomes of their workers."""

import multiprocessing
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kulan.errors import InvalidFileError, UnknownNameError
from kulan.web.jobs import housekeeping, queue, workers
from kulan.web.jobs.models import Job, JobGoneError, Worker
from kulan.web.jobs.queue import cancel, do, enqueue, run_job
from kulan.web.jobs.recovery import MOST_ATTEMPTS, recover
from kulan.words import words_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(monkeypatch):
    """Let a function do the jobs of kind "try"."""
    queue.kinds()  # modules are read once: what they name must not land in the empty list
    monkeypatch.setattr(queue, "_WORK", {})

    def does(function):
        queue.work("try")(function)
        return function

    return does


@pytest.fixture
def queued(work):
    work(lambda job: {"doubled": 2 * job.payload["number"]})
    return enqueue("try", {"number": 21}, by=None)


def left_by(worker: str, job: Job, attempts: int = 1) -> None:
    """Make a job stand as a worker that was killed leaves it."""
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, worker=worker, attempts=attempts, seen_alive_at=now
    )
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=[worker])


def test_a_job_is_queued_with_its_task_in_one_transaction(queued):
    assert [task.args_kwargs["args"] for task in DBTaskResult.objects.ready()] == [
        [str(queued.uid)]
    ]


@pytest.mark.usefixtures("work")
def test_a_job_that_nothing_does_is_not_queued():
    with pytest.raises(UnknownNameError, match="no work is named 'dance'"):
        enqueue("dance", {}, by=None)
    assert not Job.objects.exists()


def test_a_job_is_done_once_however_often_it_is_called(work):
    done = []
    work(lambda job: done.append(job.pk))
    job = enqueue("try", {}, by=None)
    run_job.call(str(job.uid))
    run_job.call(str(job.uid))
    job.refresh_from_db()
    assert (done, job.state) == ([job.pk], "done")


def test_a_refusal_is_the_reason_a_person_reads(work):
    def refuse(_):
        raise InvalidFileError("line.csv: it is empty.")

    work(refuse)
    job = enqueue("try", {}, by=None)
    run_job.call(str(job.uid))
    job.refresh_from_db()
    assert (job.state, job.reason(words_in("ru"))) == ("failed", "line.csv: it is empty.")


def test_a_fault_of_ours_is_told_without_its_text(work):
    def fail(_):
        raise ZeroDivisionError("at 46.512, 103.25")

    work(fail)
    job = enqueue("try", {}, by=None)
    with pytest.raises(ZeroDivisionError):
        run_job.call(str(job.uid))
    job.refresh_from_db()
    assert job.state == "failed"
    assert "46.5" not in str(job.summary(words_in("en")))


def test_a_job_whose_worker_was_lost_is_taken_up_again(queued):
    left_by("lost-worker", queued)
    assert recover() == 1
    queued.refresh_from_db()
    assert queued.state == "queued"
    lost, fresh = DBTaskResult.objects.order_by("enqueued_at")
    assert (lost.status, fresh.status) == ("FAILED", "READY")
    run_job.call(*fresh.args_kwargs["args"])
    queued.refresh_from_db()
    assert (queued.state, queued.result, queued.attempts) == ("done", {"doubled": 42}, 2)


def test_a_job_that_loses_every_worker_fails_with_a_reason(queued):
    left_by("lost-worker", queued, attempts=MOST_ATTEMPTS)
    recover()
    queued.refresh_from_db()
    assert queued.state == "failed"
    assert queued.ended_at is not None
    assert "was stopped each time it tried" in queued.reason(words_in("en"))
    assert queued.reason(words_in("ru")) != queued.reason(words_in("en"))
    assert not DBTaskResult.objects.ready().exists()


def test_a_job_is_left_to_a_worker_on_another_machine_that_lives(queued):
    Worker.objects.create(name="far-away", host="elsewhere")
    left_by("far-away", queued)
    assert recover() == 0
    Worker.objects.update(seen_alive_at=timezone.now() - timedelta(seconds=workers.SILENT_S + 1))
    assert recover() == 1


def test_a_job_is_left_to_a_command_that_lately_told_of_it(queued):
    left_by("", queued)
    assert recover() == 0
    Job.objects.update(seen_alive_at=timezone.now() - timedelta(seconds=workers.SILENT_S + 1))
    assert recover() == 1


@pytest.mark.usefixtures("queued")
def test_a_job_whose_worker_was_lost_before_marking_it_is_queued_again():
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=["lost-worker"])
    Job.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
    recover()
    assert DBTaskResult.objects.ready().count() == 1
    recover()
    assert DBTaskResult.objects.ready().count() == 1


def test_a_worker_that_was_taken_for_dead_writes_nothing(work):
    told = []

    def slow(job):
        Job.objects.filter(pk=job.pk).update(attempts=2, worker="another")
        with pytest.raises(JobGoneError):
            job.check_mine()
        told.append(job.pk)
        job.tell(1, 2, "half")

    work(slow)
    job = enqueue("try", {}, by=None)
    run_job.call(str(job.uid))
    job.refresh_from_db()
    assert told
    assert (job.state, job.worker, job.doing) == ("running", "another", "")


def test_a_cancelled_job_stops_at_its_next_word(work):
    steps = []

    def long(job):
        steps.append("first")
        cancel(Job.objects.get(pk=job.pk))
        job.tell(1, 2, "half")
        steps.append("second")

    work(long)
    job = enqueue("try", {}, by=None)
    run_job.call(str(job.uid))
    job.refresh_from_db()
    assert (steps, job.state, job.result) == (["first"], "cancelled", {})


def test_a_job_cancelled_in_the_queue_is_never_begun(queued):
    assert cancel(queued)
    assert not cancel(queued)
    run_job.call(str(queued.uid))
    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == ("cancelled", 0)


def test_a_job_can_be_done_without_a_queue(queued):
    do(queued)
    assert queued.state == "done"


def hold_lock(state: str, name: str, ready, let_go) -> None:
    settings.STATE = state
    held = workers._hold(name)
    ready.set()
    let_go.wait(30)
    held.close()


def test_a_worker_on_this_machine_lives_as_long_as_its_process(monkeypatch):
    spawn = multiprocessing.get_context("fork")
    ready, let_go = spawn.Event(), spawn.Event()
    other = spawn.Process(target=hold_lock, args=(settings.STATE, "neighbour", ready, let_go))
    other.start()
    assert ready.wait(30)
    assert not workers.is_lost("neighbour")
    other.kill()
    other.join()
    monkeypatch.setattr(workers.time, "time", lambda: timezone.now().timestamp() + 5)
    assert workers.is_lost("neighbour")


def test_lost_workers_are_forgotten():
    Worker.objects.create(name="gone", host="here", seen_alive_at=timezone.now() - timedelta(1))
    Worker.objects.create(name="far-away", host="elsewhere")
    assert workers.forget_lost() == 1
    assert [worker.name for worker in workers.alive()] == ["far-away"]


def test_old_jobs_are_cleared_away_and_young_ones_stay(queued):
    cancel(queued)
    assert housekeeping.old_jobs() == 0
    Job.objects.update(ended_at=timezone.now() - housekeeping.KEEP_JOBS - timedelta(days=1))
    assert housekeeping.old_jobs() == 1


def test_a_chore_that_fails_keeps_no_other_from_its_turn(monkeypatch, caplog):
    def fails():
        raise OSError("no room")

    monkeypatch.setattr(housekeeping, "_CHORES", {})
    housekeeping.housekeeping("a broken one")(fails)
    housekeeping.housekeeping("another")(lambda: 3)
    assert housekeeping.clear_away() == {"another": 3}
    assert "a chore failed" in caplog.text


def test_chores_are_done_once_an_hour(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "STATE", tmp_path)
    monkeypatch.setattr(housekeeping, "_CHORES", {})
    assert not housekeeping.clear_away_when_due()  # an hour after the first start
    later = timezone.now().timestamp() + housekeeping.EVERY_S + 1
    monkeypatch.setattr(housekeeping.time, "time", lambda: later)
    assert housekeeping.clear_away_when_due()
    assert not housekeeping.clear_away_when_due()
