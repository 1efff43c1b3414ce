{{- define "labels" -}}
app: {{ .Name }}
{{- with get .Spec "labels" }}
{{ toYaml . }}
{{- end }}
{{- end -}}
