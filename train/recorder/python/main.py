

# ---- The program --------------------------------------------------------------------------

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser("replay", help="repeat a training in Go, which gonn record --run recorded, and tell how far each step is; exit status 0 equal, 1 different, 2 could not replay")
    again.add_argument("bundle")
    again.add_argument("--steps", type=int, default=0, help="the first steps alone, 0 for all")
    study_arguments(commands.add_parser("study", help="record the study of activation functions", formatter_class=argparse.ArgumentDefaultsHelpFormatter))
    args = parser.parse_args()
    try:
        if args.command == "replay":
            return replay(args.bundle, args.steps)
        return study(args)
    except Refused as why:
        print(f"gonn_record: {why}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
