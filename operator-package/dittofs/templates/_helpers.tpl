{{- /* What selects the Pod: it never changes in the life of a DittoFS. */ -}}
{{- define "dittofs.selector" -}}
app.kubernetes.io/name: dittofs
app.kubernetes.io/instance: {{ .Name }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "dittofs.labels" -}}
{{ include "dittofs.selector" . }}
app.kubernetes.io/managed-by: dittofs-operator
{{- end -}}

{{- /* The Secrets with the key password, and with the key secret. */ -}}
{{- define "dittofs.adminSecret" -}}
{{ dig "auth" "adminPasswordSecretRef" "name" (printf "%s-admin" .Name) .Spec }}
{{- end -}}

{{- define "dittofs.jwtSecret" -}}
{{ dig "auth" "jwtSecretRef" "name" (printf "%s-jwt" .Name) .Spec }}
{{- end -}}

{{- /* spec.shutdownTimeout in seconds. */ -}}
{{- define "dittofs.shutdownSeconds" -}}
{{- $n := .Spec.shutdownTimeout | trimSuffix "s" | trimSuffix "m" | int -}}
{{ if hasSuffix "m" .Spec.shutdownTimeout }}{{ mul $n 60 }}{{ else }}{{ $n }}{{ end }}
{{- end -}}

{{- /*
The server's configuration file. The StatefulSet carries a hash of it, so everything that stands here
restarts the server when it changes, and nothing else may stand here.

write_timeout lies above snapshot.restore_http_timeout (30m): with the default of 10s a longer request is
carried out and gets no answer. Without drain_stall_timeout a stop would wait for five minutes and more for a
remote store that is away.
*/ -}}
{{- define "dittofs.config" -}}
{{ toYaml (dict
  "logging" (dict "level" .Spec.logging.level "format" .Spec.logging.format "output" "stdout")
  "shutdown_timeout" .Spec.shutdownTimeout
  "database" (dict "type" .Spec.database.type "sqlite" (dict "path" "/data/controlplane/controlplane.db"))
  "controlplane" (dict "host" "0.0.0.0" "port" 8080 "write_timeout" "35m" "drain_stall_timeout" "2m")
  "metrics" (dict "enabled" true "host" "0.0.0.0" "port" 9090 "path" "/metrics")
) }}
{{- end -}}
