// Command dfs-test is what the steps of the kuttl suites use where YAML is not
// enough. The namespace is $NAMESPACE, which kuttl sets, or that of -n.
//
//	dfs-test apply FILE         kubectl apply, with ${VARIABLES} of the environment filled in
//	dfs-test share NAME         make a share on the server, over its REST API
//	dfs-test write NAME FILE    write a file over NFS: bytes that only this file has
//	dfs-test read NAME FILE     read it over NFS, and fail unless they are those bytes
//	dfs-test remember OBJECT... note the UIDs, in ConfigMap dfs-test
//	dfs-test same OBJECT...     fail unless these are the objects that were noted
//	dfs-test other OBJECT...    fail unless these are others of the same names
//	dfs-test settled FILE       fail unless all is carried out, owned and listed as it should
//	                            be, nothing is written for a while, and kubectl diff is empty
package main
