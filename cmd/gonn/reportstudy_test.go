package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestReportStudy(t *testing.T) {
	t.Chdir(t.TempDir())
	run := func(args ...string) (stdout, stderr string, code int) {
		var out, errs strings.Builder
		code = execute(t.Context(), append([]string{"gonn", "report"}, args...), &out, &errs)
		return out.String(), errs.String(), code
	}
	stdout, stderr, code := run("study", "--quick", "--claim", "functions")
	if code != 0 || !strings.Contains(stdout, "functions: holds.") || !strings.Contains(stdout, "study-quick.html") {
		t.Fatalf("%d\n%s\n%s", code, stdout, stderr)
	}
	if b, err := os.ReadFile("study-quick.html"); err != nil || !strings.Contains(string(b), "gonn plot mish") {
		t.Errorf("the page of %d bytes: %v", len(b), err)
	}
	stdout, stderr, code = run("study", "--quick", "--claim", "functions", "--force", "--json")
	var r struct {
		Claims []struct {
			Claim   string
			Numbers struct{ Betas []any }
		}
	}
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != 0 || len(r.Claims) != 1 || len(r.Claims[0].Numbers.Betas) == 0 {
		t.Errorf("%d, %v\n%s\n%s", code, err, stdout, stderr)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"study", "--quick", "--claim", "functions"}, "study-quick.html exists"},
		{[]string{"study", "--claim", "function"}, `unknown claim "function": choose one of functions`},
		{[]string{"study", "other"}, "other"},
		{[]string{"study", "-o", "study.png"}, ".html"},
		{[]string{"study", "--data", "x"}, "--data is for"},
		{[]string{"runs/x", "--quick"}, "--quick is for gonn report study"},
		{[]string{"study", "--workers", "-1", "--claim", "losses"}, "--workers"},
	} {
		if stdout, stderr, code := run(c.args...); code != exitUsage || !strings.Contains(stderr, c.says) {
			t.Errorf("%q: %d\n%s\n%s", c.args, code, stdout, stderr)
		}
	}
	if err := os.WriteFile("study-quick/findings/functions.json", []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := run("study", "--quick", "--claim", "functions", "--force"); code != exitFailed || !strings.Contains(stderr, "functions.json is damaged") {
		t.Errorf("damaged: %d, %s", code, stderr)
	}
}
