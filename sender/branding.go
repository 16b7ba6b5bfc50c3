package sender

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of Branding, in characters.
const (
	maxDialogTitle    = 100
	maxSupportMessage = 1000
	maxFont           = 200
	maxDialogText     = 300
)

// Branding is how the support dialog looks and what it says. Empty fields mean the default.
type Branding struct {
	// Colour of buttons: #rgb, #rrggbb, with or without alpha, rgb(), hsl() or a CSS name. Text on it is black or white, whichever reads better.
	PrimaryColor string `json:"primaryColor,omitempty"`

	// Colour of the dialog's head.
	SecondaryColor string `json:"secondaryColor,omitempty"`

	// Image in the dialog's head: an https URL (http on this machine), a path of the app's own site, or a data: URL of an image.
	LogoURL string `json:"logoUrl,omitempty"`

	// Name of the support button and its dialog. At most 100 characters. Default: "Get support", in the language of the page.
	DialogTitle string `json:"dialogTitle,omitempty"`

	// What the dialog says before a session starts. At most 1000 characters.
	SupportMessage string `json:"supportMessage,omitempty"`

	// What the dialog says in place of all that while nobody is there to help, such as the opening hours. As long as there is one, no session can
	// be started; Options.ForRequest can give it by the clock. At most 1000 characters.
	ClosedMessage string `json:"closedMessage,omitempty"`

	// Telephone number of the support team, such as "+44 20 7946 0000". The dialog shows it as a link, also beside the code. 3 to 40 digits, spaces
	// and the characters + ( ) . / -.
	Phone string `json:"phone,omitempty"`

	// The corner of the window for button and dialog, until the customer moves the dialog elsewhere. Default: at the bottom, on the right or, where
	// the page's language is read from the right, on the left.
	Position Position `json:"position,omitempty"`

	// Whether there is a support button. ButtonNone: an element of the page that has the attribute data-qwelp-start opens the dialog when it is
	// pressed, and so does a call of startQwelpSession in answer to a press. Such elements open it anyway. Default: there is a button, which makes
	// way for the page's own controls.
	Button ButtonMode `json:"button,omitempty"`

	// Radius of button and dialog: "0", or up to 99 px or em, such as "8px". Default: the button is a pill, the dialog has "1em".
	CornerRadius string `json:"cornerRadius,omitempty"`

	// CSS font families, such as "Inter, sans-serif", which the page has loaded or the system has. At most 200 characters. Default: the system's.
	Font string `json:"font,omitempty"`

	// The z-index of button and dialog, for pages with something that must stay above the button, from 1 to 2147483647. A running session is always
	// on top, in the browser's top layer. Default: the largest.
	ZIndex int `json:"zIndex,omitempty"`

	// Whether the dialog is light or dark. Default: as the page is, by its color-scheme, or else by its background.
	ColorScheme ColorScheme `json:"colorScheme,omitempty"`

	// Texts in place of ours, in whatever language the page is.
	Texts Texts `json:"texts,omitzero"`
}

// Position is a corner of the window.
type Position string

// The values of Branding.Position.
const (
	BottomRight Position = "bottom-right"
	BottomLeft  Position = "bottom-left"
	TopRight    Position = "top-right"
	TopLeft     Position = "top-left"
)

// ButtonMode is whether there is a support button.
type ButtonMode string

// ButtonNone is the one value of Branding.Button besides the default.
const ButtonNone ButtonMode = "none"

// ColorScheme is how light an interface is.
type ColorScheme string

// The values of Branding.ColorScheme.
const (
	Light ColorScheme = "light"
	Dark  ColorScheme = "dark"
)

// Texts replace those of the dialog. Empty fields mean ours, in the language of the page. Each is at most 300 characters; in Asks and Viewing,
// {agents} stands for the agents' names.
type Texts struct {
	Start   string `json:"start,omitempty"`   // button: "Start session"
	NewCode string `json:"newCode,omitempty"` // button: "Get a new code"
	Again   string `json:"again,omitempty"`   // button: "Try again"
	End     string `json:"end,omitempty"`     // button: "End session"
	Cancel  string `json:"cancel,omitempty"`  // button, before an agent has joined: "Cancel"
	Done    string `json:"done,omitempty"`    // button, when the session has ended: "Done"
	Pause   string `json:"pause,omitempty"`   // button: "Pause sharing"
	Resume  string `json:"resume,omitempty"`  // button: "Resume sharing"
	Allow   string `json:"allow,omitempty"`   // button: "Allow"
	Decline string `json:"decline,omitempty"` // button: "Decline"
	Copy    string `json:"copy,omitempty"`    // button: "Copy code"
	Read    string `json:"read,omitempty"`    // above the code: "Read this code to your agent"
	Asks    string `json:"asks,omitempty"`    // before the consent: "{agents} wants to see this website"
	Viewing string `json:"viewing,omitempty"` // in a session: "{agents} is viewing this page"
	Ended   string `json:"ended,omitempty"`   // at the end: "The session has ended"
}

// check reports every field that does not hold what it may.
func (b Branding) check(bad func(field string, err error)) {
	bad("branding.primaryColor", checkColour(b.PrimaryColor))
	bad("branding.secondaryColor", checkColour(b.SecondaryColor))
	bad("branding.logoUrl", checkImageURL(b.LogoURL))
	bad("branding.dialogTitle", checkText(b.DialogTitle, maxDialogTitle))
	bad("branding.supportMessage", checkText(b.SupportMessage, maxSupportMessage))
	bad("branding.closedMessage", checkText(b.ClosedMessage, maxSupportMessage))
	if b.Phone != "" && !phone.MatchString(b.Phone) {
		bad("branding.phone", errors.New("not a telephone number such as +44 20 7946 0000"))
	}
	if b.Button != "" && b.Button != ButtonNone {
		bad("branding.button", errors.New(`not "none"`))
	}
	switch b.Position {
	case "", BottomRight, BottomLeft, TopRight, TopLeft:
	default:
		bad("branding.position", errors.New("not a corner such as bottom-right"))
	}
	switch b.ColorScheme {
	case "", Light, Dark:
	default:
		bad("branding.colorScheme", errors.New("neither light nor dark"))
	}
	if b.CornerRadius != "" && !cornerRadius.MatchString(b.CornerRadius) {
		bad("branding.cornerRadius", errors.New(`neither "0" nor up to 99 px or em`))
	}
	if b.Font != "" && (len(b.Font) > maxFont || !font.MatchString(b.Font)) {
		bad("branding.font", errors.New("not a list of CSS font families"))
	}
	if b.ZIndex < 0 || b.ZIndex > 1<<31-1 {
		bad("branding.zIndex", errors.New("not from 1 to 2147483647"))
	}
	texts := reflect.ValueOf(b.Texts)
	for i := range texts.NumField() {
		name, _, _ := strings.Cut(texts.Type().Field(i).Tag.Get("json"), ",")
		bad("branding.texts."+name, checkText(texts.Field(i).String(), maxDialogText))
	}
}

var (
	phone = regexp.MustCompile(`^[+ ()./-]*\d[+\d ()./-]{2,39}$`)

	cornerRadius = regexp.MustCompile(`^(0|\d{1,2}(\.\d{1,3})?(px|em))$`)
	// One family or several, each of words or in quotes: nothing with which a declaration could end, or fetch anything.
	font = regexp.MustCompile(`^(` + family + `)(, ?(` + family + `))*$`)
)

const family = `[a-zA-Z-][\w-]*( [\w-]+)*|"[\w .-]+"|'[\w .-]+'`

func checkText(text string, limit int) error {
	if !utf8.ValidString(text) {
		return errors.New("not UTF-8")
	}
	if utf8.RuneCountInString(text) > limit {
		return fmt.Errorf("longer than %d characters", limit)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r) }) {
		return errors.New("holds control characters")
	}
	return nil
}
