// Package faults holds the switches that make the stand-in misbehave. They
// come from DITTOFS_SIM_* variables and from a control file that may be changed
// while the server runs.
package faults
