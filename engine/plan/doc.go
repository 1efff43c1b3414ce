// Package plan is the core of the engine: it turns a plan into a graph of steps and walks that
// graph. Everything about order, retries, limits, failure, suspending and superseding is decided
// here, and nothing is done here: the package has no client, no clock and no I/O. Time, the wish's
// values and what was seen of the world come in as arguments; what to attempt next and the new
// record go out.
//
//	record = Start(plan, …)
//	for {
//		record = Advance(plan, record, nil, in)     // what follows from time and wish
//		actions = Actions(plan, &record, in)        // what to attempt now
//		observations = …                            // somebody else attempts it, see Attempt
//		record = Advance(plan, record, observations, in)
//	}
//
// api.Run is the whole memory: it may be written as JSON and read back at any moment. Only whole
// seconds are recorded (rounded up), so nothing is lost, no limit passes too early, and none later
// than a second.
//
// # Decisions
//
//   - A step starts when all steps that it comes after are done: Complete, Skipped, or Failed with
//     onFailure "continue". A step whose `when` is false is Skipped at that moment.
//   - All tasks of a running step that are not done are attempted in list order in each pass. A task
//     that waits does not hold back the next one; a task that fails does.
//   - A transient failure makes the step wait, longer each time. Retry.Limit is counted over the
//     whole step; without a limit, the step's timeout ends it.
//   - At its deadline a step gets one more look: it fails only if that look does not find it done.
//     So time in which nobody looked, or a clock that leaps ahead, fails nothing that is healthy.
//   - A step that fails with onFailure "stop" ends the run at once. Steps that have not begun stay
//     Pending, and those that run beside it stay Running in the record of the ended run, with a
//     message that says so.
//   - A suspended run (Hold) starts no step; its running steps are only looked at, and no limit
//     passes until it goes on.
//   - A superseded run ends between two looks, but never while an irreversible call is in flight and
//     never when the plan is not interruptible. Until the call ends, no step starts.
//   - A record that does not fit the plan ends the run as Failed; nothing is attempted for it.
//
// # Invariants
//
// Random walks over random plans check after each step of the walk that
//
//   - a step that is Complete, Failed or Skipped never changes again, and neither does a run that is
//     Complete, Failed or Superseded;
//   - a step starts only after all steps before it are done, and serial phases and steps never
//     overlap;
//   - actions are for running steps and for tasks that are not done, and never for an ended run;
//   - a walk whose observations come to be Done ends Complete;
//   - a walk in which nothing ever gets done ends within the sum of its limits;
//   - progress never falls and retries never exceed their limit;
//   - Hold starts nothing, and Supersede ends nothing that is in flight or not interruptible;
//   - Advance changes none of its arguments, and a second Advance without news changes nothing;
//   - messages keep to api.MaxMessageLength;
//   - writing the record as JSON and reading it back changes no decision.
package plan
