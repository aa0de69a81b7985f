package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "a script that completes commands and flags in a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "Examples:\n" +
			"  source <(gonn completion bash)     in ~/.bashrc\n" +
			"  source <(gonn completion zsh)      in ~/.zshrc, after compinit\n" +
			"  gonn completion fish > ~/.config/fish/completions/gonn.fish",
		Action: func(c *cli.Context) error {
			shell, err := oneArg(c, "shell")
			if err != nil {
				return err
			}
			script := ""
			switch shell {
			case "bash":
				script = bashCompletion
			case "zsh":
				script = "autoload -U +X bashcompinit && bashcompinit\n" + bashCompletion
			case "fish":
				if script, err = c.App.ToFishCompletion(); err != nil {
					return err
				}
			default:
				return usage("completion needs a shell: bash, zsh or fish%s", didYouMean(shell, []string{"bash", "zsh", "fish"}, ""))
			}
			fmt.Fprint(c.App.Writer, script)
			return nil
		},
	}
}

// bashCompletion asks gonn for the words that may stand at the cursor; where there are none
// the shell completes names of files.
const bashCompletion = `_gonn() {
	local cur="${COMP_WORDS[COMP_CWORD]}"
	local words=("${COMP_WORDS[@]:0:COMP_CWORD}")
	case "$cur" in -*) words+=("$cur") ;; esac
	COMPREPLY=($(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$cur"))
}
complete -o default -F _gonn gonn
`

// completes reports whether a shell asks for the words that may stand at the cursor.
func completes(args []string) bool {
	return args[len(args)-1] == "--"+cli.BashCompletionFlag.Names()[0]
}
