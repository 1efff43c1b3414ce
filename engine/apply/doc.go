// Package apply brings objects to the state that a plan wants and takes them away again.
//
// It applies with server-side apply under one field manager, stamps every object with the
// instance, plan, step and run that it belongs to, and makes no request at all when the cache
// already shows what is wanted. Errors leave it classified (Classify) and said for a person;
// values of Secrets never leave it.
//
// Whose fields are they? On an object that belongs to the instance the engine takes the fields
// that it renders by force: a foreign change of them is drift and is repaired, whatever
// onConflict says. Fields that it does not render stay with whoever set them. onConflict decides
// about objects that exist but do not belong to the instance: they are refused, or, with adopt,
// taken over when nobody else controls them. An object of another instance is never touched.
//
// The package does not render, does not judge health, and does not keep the inventory: the
// functions over the inventory are pure, and the caller stores it.
package apply
