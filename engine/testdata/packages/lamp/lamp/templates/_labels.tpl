{{- define "labels" -}}
app: {{ .Name }}
{{- with .Spec.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
