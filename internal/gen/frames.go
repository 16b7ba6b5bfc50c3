package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"strings"
)

// codec names the reader's and writer's method for a field's Go type, and its TypeScript.
type codec struct{ method, ts string }

func fieldCodec(t ast.Expr) codec {
	switch t := t.(type) {
	case *ast.ArrayType:
		switch t.Elt.(*ast.Ident).Name {
		case "byte":
			return codec{"bytes", "Uint8Array"}
		case "string":
			return codec{"strings", "readonly string[]"}
		case "uint32", "NodeID":
			return codec{"uints", "readonly number[]"}
		}
	case *ast.Ident:
		switch t.Name {
		case "uint32", "NodeID":
			return codec{"uint", "number"}
		case "int32":
			return codec{"int", "number"}
		case "bool":
			return codec{"bool", "boolean"}
		case "string":
			return codec{"string", "string"}
		}
	}
	panic(fmt.Sprintf("gen: no codec for %v", t))
}

// frames writes the writer and the reader of frame operations.
func (p *pkg) frames() []byte {
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString("import { ByteReader, ByteWriter, FrameError } from \"./bytes.js\";\n")
	var sink, cases, writer bytes.Buffer
	for i, op := range append(p.ops, "PointerMove") {
		s, _ := p.structNamed(op)
		var params, reads, writes []string
		for _, f := range s.fields {
			c, name := fieldCodec(f.typ), paramName(f.goName)
			params = append(params, name+": "+c.ts)
			reads = append(reads, "r."+c.method+"()")
			writes = append(writes, "this."+c.method+"("+name+");")
		}
		name := lowerFirst(op)
		if op == "PointerMove" {
			fmt.Fprintf(&writer, "\n%s  %s(%s): void {\n    %s\n  }\n", jsDoc("  ", s.doc), name, strings.Join(params, ", "), strings.Join(writes, " "))
			continue
		}
		fmt.Fprintf(&sink, "\n%s  %s(%s): void;\n", jsDoc("  ", s.doc), name, strings.Join(params, ", "))
		reset := ""
		if op == "Page" {
			reset = "r.resetStrings(); "
			writes = append([]string{"this.resetStrings();"}, writes...)
		}
		fmt.Fprintf(&cases, "      case %d: %ssink.%s(%s); break;\n", i+1, reset, name, strings.Join(reads, ", "))
		writes = append([]string{fmt.Sprintf("this.op(%d);", i+1)}, writes...)
		fmt.Fprintf(&writer, "\n  %s(%s): void {\n    %s\n  }\n", name, strings.Join(params, ", "), strings.Join(writes, " "))
	}
	fmt.Fprintf(&b, "\n/** FrameSink receives the operations of a frame, one call each. */\nexport interface FrameSink {%s}\n", sink.String())
	fmt.Fprintf(&b, "\n/** FrameWriter writes operations straight into bytes. */\nexport class FrameWriter extends ByteWriter implements FrameSink {%s}\n", writer.String())
	fmt.Fprintf(&b, "\n/** Reads the operations of a frame whose header has been read. Throws FrameError. */\nexport function readOps(r: ByteReader, sink: FrameSink): void {\n  while (r.more()) {\n    const code = r.byte();\n    switch (code) {\n%s      default: throw new FrameError(`unknown operation ${code}`);\n    }\n  }\n}\n", cases.String())
	return b.Bytes()
}

// paramName keeps words that TypeScript reserves apart.
func paramName(goName string) string {
	if goName == "CSS" || goName == "URL" {
		return strings.ToLower(goName)
	}
	return lowerFirst(goName)
}
