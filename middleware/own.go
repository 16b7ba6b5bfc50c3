package middleware

import (
	"maps"
	"reflect"
	"slices"

	"github.com/qwelp/qwelp-go/sender"
)

// ownSettings returns settings that the app may change in place for one request: what they hold of lists and metaData is nobody else's.
func ownSettings(s sender.Settings) sender.Settings {
	s.MetaData = maps.Clone(s.MetaData)
	if s.MetaData == nil {
		s.MetaData = map[string]any{} // to be added to
	}
	for key, value := range s.MetaData {
		if value != nil {
			s.MetaData[key] = ownValue(reflect.ValueOf(value)).Interface()
		}
	}
	s.Privacy.Redact, s.Privacy.Unredact, s.Privacy.Hide = slices.Clone(s.Privacy.Redact), slices.Clone(s.Privacy.Unredact), slices.Clone(s.Privacy.Hide)
	s.Frames, s.Parents = slices.Clone(s.Frames), slices.Clone(s.Parents)
	return s
}

// ownValue returns a copy of v down to the last map and slice, of whatever types. What is behind pointers and in structs stays shared, as it
// does wherever Go copies a value.
func ownValue(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		return ownValue(v.Elem())
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		own := reflect.MakeMapWithSize(v.Type(), v.Len())
		for each := v.MapRange(); each.Next(); {
			own.SetMapIndex(each.Key(), ownValue(each.Value()))
		}
		return own
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			own.Index(i).Set(ownValue(v.Index(i)))
		}
		return own
	}
	return v
}
