// Package picture draws lines of terminal text as an SVG, for documents and tickets.
package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dittofs/dittofs-operator/cmd/kubectl-plan/internal/tree"
)

// The geometry of a character in a monospaced font, and of the frame.
const (
	charWidth, lineHeight = 7.8, 19
	margin                = 16
)

var colors = map[string]string{tree.MarkComplete: "#3fb950", tree.MarkRunning: "#d29922", tree.MarkFailed: "#f85149"}

// SVG draws the lines on a dark ground, the way a terminal shows them.
func SVG(lines []string) []byte {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l))
	}
	var b bytes.Buffer
	w, h := int(float64(width)*charWidth)+2*margin, len(lines)*lineHeight+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" rx="8" fill="#0d1117"/>`+"\n", w, h)
	b.WriteString(`<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13" fill="#e6edf3">` + "\n")
	for i, l := range lines {
		fmt.Fprintf(&b, `<text x="%d" y="%d" xml:space="preserve" textLength="%.1f" lengthAdjust="spacing">%s</text>`+"\n",
			margin, margin+i*lineHeight+14, float64(utf8.RuneCountInString(l))*charWidth, colored(l))
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

// colored escapes the line and gives its marks their colours.
func colored(line string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(line))
	text := b.String()
	for mark, color := range colors {
		text = strings.ReplaceAll(text, mark, fmt.Sprintf(`<tspan fill="%s">%s</tspan>`, color, mark))
	}
	return text
}
