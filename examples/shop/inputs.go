package main

// input is one text field of a form, as the template "input" draws it.
type input struct {
	ID, Label, Type, Autocomplete, InputMode, Hint string
	Required                                       bool
	Value, Problem                                 string
}

// DescribedBy lists the ids of the texts that belong to the field.
func (i input) DescribedBy() string {
	switch {
	case i.Hint != "" && i.Problem != "":
		return i.ID + "-hint " + i.ID + "-problem"
	case i.Hint != "":
		return i.ID + "-hint"
	case i.Problem != "":
		return i.ID + "-problem"
	}
	return ""
}

var checkoutInputs = map[string]input{
	"name":   {Label: "Full name", Type: "text", Autocomplete: "name", Required: true},
	"email":  {Label: "E-mail", Type: "email", Autocomplete: "email", Hint: "For the confirmation. We write about nothing else.", Required: true},
	"card":   {Label: "Card number", Type: "text", Autocomplete: "cc-number", InputMode: "numeric", Hint: "Nothing is charged. Try 4242 4242 4242 4242.", Required: true},
	"expiry": {Label: "Expires", Type: "text", Autocomplete: "cc-exp", InputMode: "numeric", Hint: "MM/YY", Required: true},
	"cvc":    {Label: "Security code", Type: "text", Autocomplete: "cc-csc", InputMode: "numeric", Hint: "On the back", Required: true},
	"password": {Label: "Password", Type: "password", Autocomplete: "new-password",
		Hint: "Optional, at least eight characters. It logs you in, so that you can follow your parcel."},
}

// Input is the field with what was filled in and what is wrong with it.
func (c checkoutPage) Input(id string) input {
	i := checkoutInputs[id]
	i.ID, i.Problem = id, c.Problems.Of(id)
	switch id {
	case "name":
		i.Value = c.Form.Name
	case "email":
		i.Value = c.Form.Email
	}
	return i
}

// Input is a field of the login form.
func (p loginPage) Input(id string) input {
	if id == "password" {
		return input{ID: id, Label: "Password", Type: "password", Autocomplete: "current-password", Hint: "In this shop it is “demo”.", Required: true}
	}
	return input{ID: id, Label: "Your name", Type: "text", Autocomplete: "name", Required: true, Value: p.Name}
}
