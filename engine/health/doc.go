// Package health says whether an object is as its spec wants it: from the object
// itself, as read from the cluster, and nothing else.
//
// Kinds whose own status tells more than kstatus asks for have a rule of their
// own; everything else is judged by kstatus. An object that is being deleted, or
// whose controller has not seen its newest generation, is never healthy, whatever
// a package's expressions say. Failed means that waiting does not help.
//
// Three rules are a decision, made so that a plan cannot wait for what only a
// later step brings:
//
//   - A pending PersistentVolumeClaim is healthy unless a node has been chosen for
//     it: its class may bind it only when the first Pod uses it. Whether it gets
//     bound shows in the health of the workload that mounts it. In the same way a
//     claim is healthy when only its file system has yet to grow, which needs a Pod.
//   - A Service of type LoadBalancer is healthy without an external address: not
//     every cluster gives one.
//   - An object of an unknown kind without conditions is healthy: many kinds never
//     have a status.
//
// A package demands more with readyWhen.
//
// Pods explains a workload that is not healthy by its Pods. Messages are for
// people: what, which object, what next. They repeat no log, termination message
// or runtime error, which may hold secrets. The package asks no cluster and reads
// no clock.
package health
