package render

import "strings"

// Every function of sprig is in exactly one of the lists below; a test walks them, so that a new
// function of sprig is refused until somebody has decided what it is.

// pureFunctions depend on their arguments alone and are offered as sprig has them.
var pureFunctions = words(`
	hello duration
	abbrev abbrevboth trunc upper lower title untitle substr trimall trimAll nospace initials
	swapcase snakecase camelcase kebabcase wrap wrapWith contains hasPrefix hasSuffix cat plural
	sha1sum sha256sum sha512sum adler32sum toString
	atoi int64 int float64 toDecimal split splitList splitn toStrings
	add1 add sub div mod mul add1f addf subf divf mulf biggest max min maxf minf ceil floor round
	join sortAlpha default empty coalesce all any compact mustCompact
	fromJson mustFromJson ternary deepCopy mustDeepCopy
	typeOf typeIs typeIsLike kindOf kindIs deepEqual
	base dir clean ext isAbs b64enc b64dec b32enc b32dec
	tuple list dict get set unset hasKey pluck pick omit
	merge mergeOverwrite mustMerge mustMergeOverwrite
	append push mustAppend mustPush prepend mustPrepend first mustFirst rest mustRest last mustLast
	initial mustInitial reverse mustReverse uniq mustUniq without mustWithout has mustHas
	slice mustSlice concat dig chunk mustChunk
	semver semverCompare fail
	regexMatch mustRegexMatch regexFindAll mustRegexFindAll regexFind mustRegexFind
	regexReplaceAll mustRegexReplaceAll regexReplaceAllLiteral mustRegexReplaceAllLiteral
	regexSplit mustRegexSplit regexQuoteMeta urlParse urlJoin`)

// ownFunctions of sprig are replaced by ones that are bounded, ordered or keep structure.
var ownFunctions = words(`
	trim trimPrefix trimSuffix indent nindent quote squote repeat replace until untilStep seq keys values
	toJson toPrettyJson toRawJson mustToJson mustToPrettyJson mustToRawJson`)

// randomFunctions draw from crypto/rand and are there only with Options.Random.
var randomFunctions = words(`
	randAlphaNum randAlpha randAscii randNumeric randBytes uuidv4 genPrivateKey bcrypt htpasswd
	genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey`)

// refusedFunctions do not exist in templates; the text says why.
var refusedFunctions = refused(map[string]string{
	"it reads the clock or the time zone": `ago date date_in_zone date_modify dateInZone dateModify
		durationRound htmlDate htmlDateInZone must_date_modify mustDateModify mustToDate now toDate unixEpoch`,
	"it reads the environment":                    `env expandenv`,
	"it asks the network":                         `getHostByName`,
	"it depends on the engine's file system":      `osBase osClean osDir osExt osIsAbs`,
	"its randomness is too weak for a secret":     `shuffle randInt`,
	"secrets belong in Secrets, not in templates": `derivePassword encryptAES decryptAES buildCustomCert`,
})

func words(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

func refused(byReason map[string]string) map[string]string {
	out := map[string]string{}
	for reason, names := range byReason {
		for name := range words(names) {
			out[name] = reason
		}
	}
	return out
}
