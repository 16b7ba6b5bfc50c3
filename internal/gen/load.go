package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// pkg is what the generator knows of a Go package.
type pkg struct {
	name    string
	structs []structType        // exported, in the order of the source
	enums   []enumType          // string types with constants, in the order of the source
	consts  []constDecl         // exported numbers and strings without a type of their own
	unions  map[string][]string // marker method → names of the structs that have it
	ops     []string            // names of the frame operations, in the order of opTypes
}

type structType struct {
	name, doc string
	fields    []field
}

type field struct {
	goName, json, doc string
	optional          bool
	typ               ast.Expr
}

type enumType struct {
	name, doc string
	values    []string
}

type constDecl struct{ name, doc, value string }

// hasJSON tells whether the struct travels as JSON; others are operations of frames or no messages at all.
func (s structType) hasJSON() bool {
	return slices.ContainsFunc(s.fields, func(f field) bool { return f.json != "" && f.json != "-" })
}

func (p *pkg) structNamed(name string) (structType, bool) {
	i := slices.IndexFunc(p.structs, func(s structType) bool { return s.name == name })
	if i < 0 {
		return structType{}, false
	}
	return p.structs[i], true
}

func (p *pkg) enumNamed(name string) (enumType, bool) {
	i := slices.IndexFunc(p.enums, func(e enumType) bool { return e.name == name })
	if i < 0 {
		return enumType{}, false
	}
	return p.enums[i], true
}

func load(dir string) (*pkg, error) {
	fset := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	p := &pkg{unions: map[string][]string{}}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".gen.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		p.name = f.Name.Name
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no Go files", dir)
	}
	// Constants are evaluated by the type checker; it may fail on imports, which constants here do not need.
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	conf := types.Config{Error: func(error) {}}
	_, _ = conf.Check(p.name, fset, files, info)
	for _, f := range files {
		for _, d := range f.Decls {
			p.decl(d, info)
		}
	}
	p.enums = slices.DeleteFunc(p.enums, func(e enumType) bool { return wider[e.name] != "" })
	for _, e := range p.enums {
		if len(e.values) == 0 {
			return nil, fmt.Errorf("%s has no constants", e.name)
		}
	}
	return p, nil
}

func (p *pkg) decl(d ast.Decl, info *types.Info) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil && d.Body != nil && len(d.Body.List) == 0 && strings.HasPrefix(d.Name.Name, "wire") {
			name := d.Recv.List[0].Type.(*ast.Ident).Name
			p.unions[d.Name.Name] = append(p.unions[d.Name.Name], name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				p.typeSpec(s, cmp.Or(s.Doc.Text(), d.Doc.Text()))
			case *ast.ValueSpec:
				p.valueSpec(s, d, info)
			}
		}
	}
}

func (p *pkg) typeSpec(s *ast.TypeSpec, doc string) {
	if !s.Name.IsExported() {
		return
	}
	switch t := s.Type.(type) {
	case *ast.Ident:
		if t.Name == "string" {
			p.enums = append(p.enums, enumType{name: s.Name.Name, doc: doc})
		}
	case *ast.StructType:
		st := structType{name: s.Name.Name, doc: doc}
		for _, f := range t.Fields.List {
			for _, n := range f.Names {
				if !n.IsExported() {
					continue
				}
				fd := field{goName: n.Name, typ: f.Type, doc: cmp.Or(f.Doc.Text(), f.Comment.Text())}
				if f.Tag != nil {
					tag := reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json")
					name, options, _ := strings.Cut(tag, ",")
					fd.json, fd.optional = name, options != ""
				}
				st.fields = append(st.fields, fd)
			}
		}
		p.structs = append(p.structs, st)
	}
}

func (p *pkg) valueSpec(s *ast.ValueSpec, d *ast.GenDecl, info *types.Info) {
	for i, n := range s.Names {
		if n.Name == "opTypes" {
			for _, e := range s.Values[i].(*ast.CompositeLit).Elts {
				p.ops = append(p.ops, e.(*ast.CompositeLit).Type.(*ast.Ident).Name)
			}
		}
		c, ok := info.Defs[n].(*types.Const)
		if !ok || !n.IsExported() {
			continue
		}
		doc := cmp.Or(s.Doc.Text(), s.Comment.Text())
		if doc == "" && len(d.Specs) == 1 {
			doc = d.Doc.Text()
		}
		if named, ok := c.Type().(*types.Named); ok {
			j := slices.IndexFunc(p.enums, func(e enumType) bool { return e.name == named.Obj().Name() })
			if j >= 0 {
				p.enums[j].values = append(p.enums[j].values, constant.StringVal(c.Val()))
			}
			continue
		}
		p.consts = append(p.consts, constDecl{n.Name, doc, literal(c.Val())})
	}
}

// literal returns a constant as a JavaScript literal: bundlers leave out what is not used of these, but not of divisions.
func literal(v constant.Value) string {
	if v.Kind() != constant.Float {
		return v.ExactString()
	}
	f, _ := constant.Float64Val(v)
	return strconv.FormatFloat(f, 'g', -1, 64)
}
