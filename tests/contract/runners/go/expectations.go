package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// missing stands for a field that was left out.
type missing struct{}

// capture is a value that an expectation names.
type capture struct {
	name  string
	value any
}

// meets compares what came, as JSON, with an expectation without placeholders. The place is for the error.
//
// It returns what was captured, or an error that says what was expected and came.
func meets(expected, came any, place string) ([]capture, error) {
	switch expected := expected.(type) {
	case map[string]any:
		for key := range expected {
			if strings.HasPrefix(key, "$") {
				return meetsOperator(expected, came, place)
			}
		}
		return meetsObject(expected, came, place)
	case []any:
		return meetsList(expected, came, place)
	}
	if equal(expected, came) {
		return nil, nil
	}
	return nil, differs(place, expected, came)
}

func meetsObject(expected map[string]any, came any, place string) ([]capture, error) {
	object, isObject := came.(map[string]any)
	if !isObject && (came != missing{} || len(expected) > 0) {
		return nil, differs(place, expected, came)
	}
	var captures []capture
	for key, expectation := range expected {
		member, there := object[key]
		if !there {
			member = missing{}
		}
		found, err := meets(expectation, member, place+"."+key)
		if err != nil {
			return nil, err
		}
		captures = append(captures, found...)
	}
	return captures, nil
}

func meetsList(expected []any, came any, place string) ([]capture, error) {
	list, isList := listOf(came)
	if !isList {
		return nil, differs(place, expected, came)
	}
	if len(list) != len(expected) {
		return nil, fmt.Errorf("%s: expected %d values, came %d: %s", place, len(expected), len(list), show(list))
	}
	var captures []capture
	for i, expectation := range expected {
		found, err := meets(expectation, list[i], fmt.Sprintf("%s[%d]", place, i))
		if err != nil {
			return nil, err
		}
		captures = append(captures, found...)
	}
	return captures, nil
}

func meetsOperator(expected map[string]any, came any, place string) ([]capture, error) {
	if name, is := expected["$as"].(string); is {
		return meetsCapture(name, expected, came, place)
	}
	met := false
	for operator, operand := range expected {
		list, isList := listOf(came)
		operands, takesList := operand.([]any)
		switch {
		case len(expected) > 1:
			return nil, notAnExpectation(place, expected)
		case operator == "$any":
			met = came != missing{}
		case operator == "$not":
			_, err := meets(operand, came, place)
			met = err != nil
		case operator == "$at_least", operator == "$at_most":
			met = bounded(operator, operand, came)
		case operator == "$count":
			met = isList && equal(operand, json.Number(strconv.Itoa(len(list))))
		case operator == "$unordered" && takesList:
			if isList && len(list) == len(operands) {
				return meetsUnordered(operands, list, place)
			}
		case operator == "$contains" && takesList:
			if isList {
				return meetsContained(operands, list, place)
			}
		default:
			return nil, notAnExpectation(place, expected)
		}
	}
	if !met {
		return nil, differs(place, expected, came)
	}
	return nil, nil
}

func notAnExpectation(place string, expected map[string]any) error {
	return fmt.Errorf("%s: not an expectation: %s", place, show(expected))
}

func meetsCapture(name string, expected map[string]any, came any, place string) ([]capture, error) {
	if came == (missing{}) {
		return nil, differs(place, expected, came)
	}
	inner, limited := expected["$is"]
	if len(expected) > 1 && !(limited && len(expected) == 2) {
		return nil, notAnExpectation(place, expected)
	}
	captures := []capture{{name, came}}
	if !limited {
		return captures, nil
	}
	found, err := meets(inner, came, place)
	return append(captures, found...), err
}

func bounded(operator string, operand, came any) bool {
	if came == (missing{}) {
		came = json.Number("0")
	}
	bound, number := number(operand), number(came)
	if bound == nil || number == nil {
		return false
	}
	if operator == "$at_least" {
		return number.Cmp(bound) >= 0
	}
	return number.Cmp(bound) <= 0
}

// meetsUnordered pairs as many expectations and values, by augmenting paths.
func meetsUnordered(expected, list []any, place string) ([]capture, error) {
	expectationOf, captures := slices.Repeat([]int{-1}, len(list)), make([][]capture, len(list))
	var pair func(expectation int, tried []bool) bool
	pair = func(expectation int, tried []bool) bool {
		for i, value := range list {
			if tried[i] {
				continue
			}
			found, err := meets(expected[expectation], value, place)
			if err != nil {
				continue
			}
			tried[i] = true
			if expectationOf[i] < 0 || pair(expectationOf[i], tried) {
				expectationOf[i], captures[i] = expectation, found
				return true
			}
		}
		return false
	}
	for i, expectation := range expected {
		if !pair(i, make([]bool, len(list))) {
			return nil, fmt.Errorf("%s: expected in some order %s, came %s", place, show(expectation), show(list))
		}
	}
	return slices.Concat(captures...), nil
}

func meetsContained(expected, list []any, place string) ([]capture, error) {
	var captures []capture
	met := 0
	for _, value := range list {
		if met == len(expected) {
			break
		}
		if found, err := meets(expected[met], value, place); err == nil {
			captures = append(captures, found...)
			met++
		}
	}
	if met < len(expected) {
		return nil, fmt.Errorf("%s: expected among the values, in order, %s, came %s", place, show(expected[met]), show(list))
	}
	return captures, nil
}

// listOf returns a list, which is empty where the field was left out.
func listOf(came any) ([]any, bool) {
	list, isList := came.([]any)
	return list, isList || came == missing{}
}

// equal compares an expected null, truth value, number or text. Two texts are equal only where they are the same.
func equal(expected, came any) bool {
	_, expectsNumber := expected.(json.Number)
	if came == (missing{}) {
		if expectsNumber {
			return equal(expected, json.Number("0"))
		}
		return expected == nil || expected == false || expected == ""
	}
	if _, isNumber := came.(json.Number); isNumber || expectsNumber {
		first, second := number(expected), number(came)
		return first != nil && second != nil && first.Cmp(second) == 0
	}
	switch came.(type) {
	case nil, bool, string:
		return expected == came
	}
	return false
}

var numberForm = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$`)

// number returns the value of a number or of a text of one, nil for anything else.
func number(value any) *big.Rat {
	text, isText := value.(string)
	if written, isNumber := value.(json.Number); isNumber {
		text, isText = written.String(), true
	}
	if !isText || !numberForm.MatchString(text) {
		return nil
	}
	result, _ := new(big.Rat).SetString(text)
	return result
}

// difference is written out only where it is reported: most are found while one of several values is looked for.
type difference struct {
	place          string
	expected, came any
}

func differs(place string, expected, came any) error {
	return difference{place, expected, came}
}

func (d difference) Error() string {
	return fmt.Sprintf("%s: expected %s, came %s", d.place, show(d.expected), show(d.came))
}

const shownLength = 1000

// show writes a value as JSON, for readers.
func show(value any) string {
	if value == (missing{}) {
		return "nothing"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	if len(text) > shownLength {
		return string(text[:shownLength]) + "…"
	}
	return string(text)
}
