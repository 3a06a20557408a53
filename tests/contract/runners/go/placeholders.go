package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	placeholder = regexp.MustCompile(`\$\{([^}]*)\}`)
	timeOffset  = regexp.MustCompile(`^now(?:([+-]\d+)s)?$`)
)

// values are what placeholders of one scenario stand for: ids, and values captured from answers.
type values map[string]any

// capture adds captured values.
//
// It fails where a name has a value already.
func (v values) capture(captures []capture) error {
	for _, one := range captures {
		if _, known := v[one.name]; known {
			return fmt.Errorf("%q is captured a second time", one.name)
		}
		v[one.name] = one.value
	}
	return nil
}

// expand returns a value of an expectation with its placeholders replaced.
func (v values) expand(value any) (any, error) {
	return expansion{values: v}.of(value)
}

// text returns a text with its placeholders replaced.
func (v values) text(text string) (string, error) {
	return expansion{values: v}.text(text)
}

// expandRequest returns requests with their placeholders replaced and their repetitions written out.
func (v values) expandRequest(requests any) (any, error) {
	return expansion{values: v, repeats: true}.of(requests)
}

type expansion struct {
	values
	repeats bool
	index   string
}

func (e expansion) of(value any) (any, error) {
	switch value := value.(type) {
	case string:
		return e.text(value)
	case []any:
		return e.list(value)
	case map[string]any:
		result := make(map[string]any, len(value))
		for key, member := range value {
			expandedKey, err := e.text(key)
			if err != nil {
				return nil, err
			}
			if result[expandedKey], err = e.of(member); err != nil {
				return nil, err
			}
		}
		return result, nil
	}
	return value, nil
}

func (e expansion) list(list []any) ([]any, error) {
	result := make([]any, 0, len(list))
	for _, member := range list {
		copies, err := e.copies(member)
		if err != nil {
			return nil, err
		}
		result = append(result, copies...)
	}
	return result, nil
}

// copies returns what one member of a list stands for: itself, or copies where it is a repetition.
func (e expansion) copies(member any) ([]any, error) {
	object, _ := member.(map[string]any)
	times, repeated := object["$times"]
	if !e.repeats || !repeated {
		one, err := e.of(member)
		return []any{one}, err
	}
	count, err := strconv.Atoi(fmt.Sprint(times))
	if err != nil || count < 0 || len(object) != 2 {
		return nil, fmt.Errorf("not a repetition: %s", show(member))
	}
	result := make([]any, count)
	for i := range result {
		e.index = strconv.Itoa(i)
		if result[i], err = e.of(object["of"]); err != nil {
			return nil, err
		}
	}
	return result, nil
}

func (e expansion) text(text string) (string, error) {
	var failure error
	replaced := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		value, err := e.value(found[2 : len(found)-1])
		if err != nil {
			failure = err
		}
		return value
	})
	return replaced, failure
}

func (e expansion) value(name string) (string, error) {
	if offset := timeOffset.FindStringSubmatch(name); offset != nil {
		seconds, _ := strconv.Atoi(offset[1])
		at := time.Now().UTC().Add(time.Duration(seconds) * time.Second)
		return at.Format("2006-01-02T15:04:05.000Z"), nil
	}
	if repeated, found := strings.CutPrefix(name, "repeat:"); found {
		colon := strings.LastIndex(repeated, ":")
		count, err := strconv.Atoi(repeated[colon+1:])
		if colon < 0 || err != nil || count < 0 {
			return "", fmt.Errorf("not a placeholder: ${%s}", name)
		}
		return strings.Repeat(repeated[:colon], count), nil
	}
	if name == "index" && e.index != "" {
		return e.index, nil
	}
	switch value := e.values[name].(type) {
	case string:
		return value, nil
	case json.Number:
		return value.String(), nil
	case bool:
		return strconv.FormatBool(value), nil
	case nil:
		return "", fmt.Errorf("nothing is known as ${%s}", name)
	default:
		return "", fmt.Errorf("${%s} is not a text: %s", name, show(value))
	}
}
